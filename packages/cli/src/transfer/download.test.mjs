// @ts-check
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createImpatientRules, createWorkplace } from '../../support/command-context.mjs';
import { makeBytes, sha256 } from '../../support/fake-hub.mjs';
import { sendBytes, sendText, startServer } from '../../support/http-server.mjs';
import { silentTransferProgress } from '../terminal/transfer-progress.mjs';
import { downloadFile } from './download.mjs';

/** @typedef {import('./download.mjs').RemoteFile} RemoteFile */

const bytes = makeBytes(500_000);
const headers = { ETag: '"one"' };
const hash = sha256(bytes);

/** @type {import('../../support/command-context.mjs').Workplace} */
let workplace;
/** @type {import('../../support/http-server.mjs').TestServer} */
let server;
/** @type {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void} */
let answer;
/** @type {ReturnType<typeof createImpatientRules>} */
let impatient;
let loaded = 0;
/** Called when so many bytes are on the disk. @type {(loaded: number) => void} */
let onLoaded;
/** @type {string[]} */
let notes;
/** @type {AbortController} */
let interrupted;

beforeEach(async () => {
  workplace = await createWorkplace();
  answer = (request, response) => sendBytes(request, response, bytes, headers);
  server = await startServer((request, response) => answer(request, response));
  impatient = createImpatientRules();
  loaded = 0;
  onLoaded = () => {};
  notes = [];
  interrupted = new AbortController();
});
afterEach(async () => {
  await server.close();
  await workplace.remove();
});

const target = () => path.join(workplace.directory, 'onnx/model.onnx');

/** @param {Partial<RemoteFile>} [known] */
function download(known = { size: bytes.length, sha256: hash }, stallMilliseconds = 5000) {
  const progress = {
    ...silentTransferProgress,
    start: (/** @type {string} */ _, /** @type {number} */ offset) => void (loaded = offset),
    advance: (/** @type {string} */ _, /** @type {number} */ count) => {
      loaded += count;
      onLoaded(loaded);
    },
    note: (/** @type {string} */ line) => void notes.push(line),
  };
  const transfer = { signal: interrupted.signal, stallMilliseconds, retryRules: impatient.rules, progress };
  return downloadFile({ path: 'onnx/model.onnx', url: `${server.url}/model.onnx`, ...known }, target(), transfer);
}

/** Sends the first bytes and then, when they have arrived, does something else. @param {number} count */
function sendFirst(count, /** @type {(response: import('node:http').ServerResponse) => void} */ then, etag = '"one"') {
  const whole = answer;
  answer = (_, response) => {
    answer = whole;
    response.writeHead(200, { 'Content-Length': bytes.length, ETag: etag });
    response.write(bytes.subarray(0, count));
    onLoaded = (arrived) => {
      if (arrived === count) then(response);
    };
  };
}

const breakOff = (/** @type {import('node:http').ServerResponse} */ response) => void response.destroy();
const asked = () => server.requests.map((request) => [request.headers.range, request.headers['if-range']]);
const left = () => workplace.list('onnx');

test('a file arrives whole', async () => {
  expect(await download()).toEqual({ path: 'onnx/model.onnx', size: bytes.length, sha256: hash });
  expect(sha256(await readFile(target()))).toBe(hash);
  expect(await left()).toEqual(['model.onnx']);
  expect(asked()).toEqual([[undefined, undefined]]);
  expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
});

test('an empty file too', async () => {
  answer = (request, response) => sendBytes(request, response, Buffer.alloc(0), headers);
  expect(await download({ size: 0 })).toMatchObject({ size: 0 });
});

describe('a connection that breaks', () => {
  test('costs no byte twice', async () => {
    sendFirst(200_000, breakOff);
    await download();
    expect(asked()).toEqual([
      [undefined, undefined],
      ['bytes=200000-', '"one"'],
    ]);
    expect(sha256(await readFile(target()))).toBe(hash);
    expect(await left()).toEqual(['model.onnx']);
    expect(notes[0]).toMatch(/^The connection to http.* failed: .* Trying again in 1 s\.$/);
  });

  test('costs a later call none either', async () => {
    sendFirst(200_000, () => interrupted.abort(new Error('Ctrl+C')));
    await expect(download()).rejects.toThrow('Ctrl+C');
    expect(await left()).toEqual(['model.onnx.part', 'model.onnx.part.json']);
    expect(JSON.parse(await readFile(`${target()}.part.json`, 'utf8'))).toMatchObject({
      etag: '"one"',
      size: bytes.length,
    });
    interrupted = new AbortController();
    await download();
    expect(asked()[1]).toEqual(['bytes=200000-', '"one"']);
    expect(sha256(await readFile(target()))).toBe(hash);
  });

  test('at the very end leaves nothing to fetch', async () => {
    sendFirst(200_000, breakOff);
    impatient.rules.failures = 1;
    await expect(download()).rejects.toThrow('Tried 1 times. Run this again to continue.');
    await writeFile(`${target()}.part`, bytes);
    await download();
    expect(server.requests).toHaveLength(1);
    expect(await left()).toEqual(['model.onnx']);
  });

  test.each([
    ['its hash is expected to be another', { size: bytes.length, sha256: 'a'.repeat(64) }],
    ['its size is expected to be another', { size: bytes.length + 1 }],
  ])('is of no use where %s', async (_, known) => {
    sendFirst(200_000, () => interrupted.abort());
    await expect(download()).rejects.toThrow();
    interrupted = new AbortController();
    await expect(download(known)).rejects.toThrow();
    expect(asked()[1]).toEqual([undefined, undefined]);
  });

  test('is continued without a hash where the server can tell that the file is the same', async () => {
    sendFirst(200_000, breakOff);
    await download({});
    expect(asked()[1]).toEqual(['bytes=200000-', '"one"']);
    expect(sha256(await readFile(target()))).toBe(hash);
  });

  test('starts anew where the ETag is weak and no hash is known', async () => {
    sendFirst(200_000, breakOff, 'W/"one"');
    await download({});
    expect(asked()[1]).toEqual([undefined, undefined]);
    expect(sha256(await readFile(target()))).toBe(hash);
  });

  test('starts anew where the server has another file by now', async () => {
    const other = makeBytes(400_000);
    sendFirst(200_000, breakOff);
    answer = ((first) => (request, response) => {
      first(request, response);
      answer = (again, rest) => sendBytes(again, rest, other, { ETag: '"two"' });
    })(answer);
    expect(await download({})).toMatchObject({ size: other.length, sha256: sha256(other) });
  });

  test('starts anew where the server has no ranges', async () => {
    sendFirst(200_000, breakOff);
    answer = ((first) => (request, response) => {
      first(request, response);
      answer = (_, rest) => void rest.writeHead(200, { 'Content-Length': bytes.length }).end(bytes);
    })(answer);
    expect(await download()).toMatchObject({ sha256: hash });
  });

  test('starts anew when the sum of both parts is another file, whatever the server said', async () => {
    sendFirst(200_000, () => interrupted.abort());
    await expect(download()).rejects.toThrow();
    await writeFile(`${target()}.part`, Buffer.alloc(200_000));
    interrupted = new AbortController();
    expect(await download()).toMatchObject({ sha256: hash });
    expect(asked().map(([range]) => range)).toEqual([undefined, 'bytes=200000-', undefined]);
  });

  test('is given up when no byte more arrives any more', async () => {
    answer = (_, response) => void response.destroy();
    await expect(download()).rejects.toThrow('Tried 6 times. Run this again to continue.');
    expect(impatient.pauses).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  test('is given up where each answer starts anew and gets no further', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'Content-Length': bytes.length });
      response.write(bytes.subarray(0, 40_000));
      onLoaded = (arrived) => {
        if (arrived === 40_000) response.destroy();
      };
    };
    await expect(download()).rejects.toThrow('Tried 6 times.');
  });

  test('is not given up as long as each answer brings more', async () => {
    let end = 0;
    answer = (request, response) => {
      const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
      end = from + 40_000;
      const rest = { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`, ETag: '"one"' };
      response.writeHead(from === 0 ? 200 : 206, {
        ...(from > 0 && rest),
        ...headers,
        'Content-Length': bytes.length - from,
      });
      response.write(bytes.subarray(from, end));
      onLoaded = (arrived) => {
        if (arrived >= end) response.destroy();
      };
    };
    await download();
    expect(server.requests.length).toBeGreaterThan(impatient.rules.failures);
    expect(sha256(await readFile(target()))).toBe(hash);
  });
});

test('a server that is busy is given the time that it asks for', async () => {
  const whole = answer;
  answer = (_, response) => {
    answer = whole;
    sendText(response, 503, '', { 'Retry-After': '7' });
  };
  await download();
  expect(impatient.pauses).toEqual([7000]);
  expect(notes).toEqual([`${server.url}/model.onnx answered 503. Trying again in 7 s.`]);
});

test('a server that refuses is not asked again', async () => {
  answer = (_, response) => sendText(response, 404);
  await expect(download()).rejects.toThrow(`${server.url}/model.onnx answered 404.`);
  expect(server.requests).toHaveLength(1);
  expect(await left()).toEqual([]);
});

test('a connection that sends nothing any more counts as broken', async () => {
  sendFirst(200_000, () => {});
  await download(undefined, 100);
  expect(asked()[1]).toEqual(['bytes=200000-', '"one"']);
  expect(notes[0]).toContain('sent nothing for 0.1 s.');
});

test('a hash that only the redirect tells is checked', async () => {
  let linked = hash;
  answer = (request, response) => {
    if (request.url === '/model.onnx')
      sendText(response, 302, '', { Location: '/stored', 'X-Linked-ETag': `"${linked}"` });
    else sendBytes(request, response, bytes, headers);
  };
  expect(await download({ size: bytes.length })).toMatchObject({ sha256: hash });
  linked = 'b'.repeat(64);
  await expect(download({ size: bytes.length })).rejects.toThrow(
    `expected  sha256 ${linked}\n    actual    sha256 ${hash}`,
  );
});

test('the name that git gives the content is checked', async () => {
  const gitObjectId = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  expect(await download({ gitObjectId })).toMatchObject({ sha256: hash });
  await expect(download({ gitObjectId: 'c'.repeat(40) })).rejects.toThrow('expected  git object cccc');
  expect(await left()).toEqual(['model.onnx']);
});

test('a file of another size than its list says is not fetched', async () => {
  await expect(download({ size: 10 })).rejects.toThrow('has 500000 bytes or more, not the 10 that its list says');
  expect(await left()).toEqual([]);
});

test('what is compressed on its way is not continued in the middle', async () => {
  const packed = gzipSync(bytes);
  const send = (/** @type {import('node:http').ServerResponse} */ response) =>
    response.writeHead(200, { 'Content-Encoding': 'gzip', ETag: '"packed"', 'Content-Length': packed.length });
  answer = (_, response) => {
    answer = (_again, rest) => void send(rest).end(packed);
    send(response).write(packed.subarray(0, packed.length - 10));
    onLoaded = () => response.destroy();
  };
  expect(await download()).toMatchObject({ sha256: hash });
  expect(asked()).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
});
