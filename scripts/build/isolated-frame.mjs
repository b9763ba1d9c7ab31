// @ts-check
import { createHash } from 'node:crypto';

/**
 * Fills the template of the frame of isolated models. Its policy allows its one script by that script's hash, WebAssembly and
 * blobs, which nobody outside of the frame can make; nothing else, and no connection.
 *
 * @param {string} template With `%POLICY%`, `%SCRIPT%` and `%WORKER%`.
 * @param {{ script: string, worker: string }} scripts The frame's own, and what its worker runs first.
 */
export function fillIsolatedFrame(template, { script, worker }) {
  for (const text of [script, worker]) {
    const found = /<\/script|<!--/i.exec(text);
    if (found)
      throw new Error(`A script of the isolated frame has "${found[0]}" in it, where HTML reads something else.`);
  }
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${hash}' 'wasm-unsafe-eval' blob:; worker-src blob:; connect-src 'none'`;
  /** @type {Record<string, string>} */
  const parts = { POLICY: policy, SCRIPT: script, WORKER: worker };
  // The formatter puts them on lines of their own, and the hash is of every character.
  return template.replaceAll(/\s*%(POLICY|SCRIPT|WORKER)%\s*/g, (_, name) => parts[name] ?? '');
}
