// @ts-check
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendText, startServer } from '../../support/http-server.mjs';
import { readText, request } from './request.mjs';
import { PassingError } from './transfer-error.mjs';

/** @type {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void} */
let answer;
/** @type {import('../../support/http-server.mjs').TestServer} */
let server;
/** @type {AbortController} */
let interrupted;

beforeEach(async () => {
  answer = (_, response) => sendText(response, 200, 'all');
  server = await startServer((asked, response) => answer(asked, response));
  interrupted = new AbortController();
});
afterEach(() => server.close());

const read = (stallMilliseconds = 5000) =>
  request(`${server.url}/file`, { signal: interrupted.signal, stallMilliseconds }, (given) => readText(given));

test('a redirect is followed', async () => {
  answer = (asked, response) =>
    asked.url === '/file'
      ? sendText(response, 307, '', { Location: 'stored?at=1' })
      : sendText(response, 200, asked.url);
  expect(await read()).toBe('/stored?at=1');
});

test('redirects that go in a circle or off the web are not', async () => {
  answer = (_, response) => sendText(response, 302, '', { Location: '/again' });
  await expect(read()).rejects.toThrow('redirects more than 10 times.');
  answer = (_, response) => sendText(response, 302, '', { Location: 'file:///etc/passwd' });
  await expect(read()).rejects.toThrow('redirects to file:///etc/passwd, which is not on the web.');
});

test('a server that sends nothing any more has broken off; one that is only slow has not', async () => {
  const pieces = 5;
  answer = (_, response) => {
    let sent = 0;
    response.writeHead(200);
    const ticks = setInterval(() => {
      response.write('.');
      if (++sent < pieces) return;
      clearInterval(ticks);
      response.end();
    }, 200);
  };
  expect(await read(800)).toBe('.'.repeat(pieces));
  answer = (_, response) => void response.writeHead(200).write('.');
  await expect(read(50)).rejects.toThrow(new PassingError(`${server.url}/file sent nothing for 0.05 s.`));
  answer = () => {};
  await expect(read(50)).rejects.toThrow(PassingError);
});

test('who reads only the beginning does not wait for the rest', async () => {
  answer = (_, response) => void response.writeHead(200).write('beginning');
  const { signal } = interrupted;
  const options = { signal, stallMilliseconds: 60_000 };
  expect(await request(`${server.url}/file`, options, (given) => readText(given, 5))).toBe('beginning');
});

test('an interruption is thrown as it is', async () => {
  answer = () => interrupted.abort(new Error('Ctrl+C'));
  await expect(read()).rejects.toThrow('Ctrl+C');
});

test('a server that is not there is named, with the reason', async () => {
  await server.close();
  await expect(read()).rejects.toThrow(`The connection to ${server.url} failed: connect ECONNREFUSED`);
});
