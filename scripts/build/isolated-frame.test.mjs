// @ts-check
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fillIsolatedFrame } from './isolated-frame.mjs';

const template = readFileSync('src/client/isolation/isolated-frame.html', 'utf8');

test('the policy has the hash of the very script that is in the page', () => {
  const page = fillIsolatedFrame(template, { script: 'start("$&")', worker: 'guard("$1")' });
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
  expect(script).toBe('start("$&")');
  const hash = createHash('sha256').update(script).digest('base64');
  expect(page).toContain(
    `default-src 'none'; script-src 'sha256-${hash}' 'wasm-unsafe-eval' blob:; worker-src blob:; connect-src 'none'`,
  );
  expect(page).toContain('<script type="text/plain" id="worker">guard("$1")</script>');
  expect(page).not.toMatch(/%[A-Z]+%/);
});

test.each(['a = "</script>"', 'a <!--b'])(
  'a script that HTML would read as something else stops the build: %s',
  (bad) => {
    expect(() => fillIsolatedFrame(template, { script: bad, worker: '' })).toThrow(/isolated frame/);
    expect(() => fillIsolatedFrame(template, { script: '', worker: bad })).toThrow(/isolated frame/);
  },
);
