// @ts-check
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * @typedef {object} Notice
 * @property {string} name
 * @property {string} version
 * @property {string} licence SPDX expression.
 * @property {string} text
 */

const repository = fileURLToPath(new URL('../../', import.meta.url));
const noticesFile = join(repository, 'THIRD_PARTY_NOTICES.md');

/** Packages that the bundles are known to contain. */
export const bundledPackages = [
  '@huggingface/transformers',
  'hash-wasm',
  'idb-keyval',
  'modern-tar',
  'onnxruntime-web',
  'wasm-feature-detect',
];

/** Packages whose published files already contain others, which a bundler therefore cannot report. */
const inlined = new Map([
  ['@huggingface/transformers', ['@huggingface/jinja', '@huggingface/tokenizers']],
  ['onnxruntime-web', ['onnxruntime-common']],
]);

// Their package.json names the account that publishes them; the banner inside their files names the holder.
const copyrightHolders = new Map([
  ['onnxruntime-web', 'Microsoft Corporation'],
  ['onnxruntime-common', 'Microsoft Corporation'],
]);

// https://spdx.org/licenses/MIT.html
const mitText = (/** @type {string} */ holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

/**
 * The packages that modules come from.
 *
 * @param {Iterable<string>} moduleIds Paths as rollup reports them in `chunk.modules`.
 * @returns {string[]} Sorted, each once. Modules outside of node_modules have no package.
 */
export function packageNamesOf(moduleIds) {
  const names = new Set();
  for (const id of moduleIds) {
    const name = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1];
    if (name) names.add(name.replace('\\', '/'));
  }
  return [...names].sort((a, b) => (a < b ? -1 : 1));
}

/**
 * Node's lookup, without the `exports` map that hides the package.json of some packages.
 *
 * @param {string} name
 * @param {string} from Folder of the package, or of the project, that depends on it.
 */
function folderOf(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) throw new Error(`The package ${name} is not installed. Run npm ci.`);
  }
}

/** @param {string} name @param {string} folder @returns {Notice} */
function noticeOf(name, folder) {
  const { version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`The package.json of ${name} does not tell its licence.`);
  const read = (/** @type {RegExp} */ pattern) =>
    readdirSync(folder)
      .filter((file) => pattern.test(file))
      .sort()
      .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n'));

  const texts = read(/^(licen[cs]e|copying)/i);
  if (texts.length === 0) {
    const holder = copyrightHolders.get(name) ?? (typeof author === 'string' ? author : author?.name);
    if (license !== 'MIT' || !holder) {
      throw new Error(`${name} ships no licence file, and there is no text of ${license} here: add it to this script.`);
    }
    texts.push(mitText(holder));
  }
  return { name, version, licence: license, text: [...texts, ...read(/^notice/i)].join('\n') };
}

/**
 * The notices of packages and of what they contain, as Markdown. Packages with the same licence text share it.
 *
 * @param {Iterable<string>} packageNames
 * @param {string} [projectFolder] Where the packages are installed.
 * @returns {string}
 * @throws when a package is not installed, or its licence text is not known: what cannot be stated must not be shipped.
 */
export function noticesFor(packageNames, projectFolder = repository) {
  /** @type {Map<string, Notice>} */
  const notices = new Map();
  for (const name of packageNames) {
    const folder = folderOf(name, projectFolder);
    notices.set(name, noticeOf(name, folder));
    for (const inner of inlined.get(name) ?? []) notices.set(inner, noticeOf(inner, folderOf(inner, folder)));
  }

  /** @type {Map<string, Notice[]>} */
  const byText = new Map();
  for (const notice of [...notices.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = notice.text.replaceAll(/\s+/g, ' ').trim();
    byText.set(key, [...(byText.get(key) ?? []), notice]);
  }
  const sections = [...byText.values()].map((group) => {
    const heading = group.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join(', ');
    return `## ${heading}\n\n\`\`\`text\n${group[0]?.text.trimEnd()}\n\`\`\`\n`;
  });
  const native = notices.has('onnxruntime-web')
    ? '\nThe WebAssembly binary of ONNX Runtime contains further third-party code, whose notices are kept at\n' +
      '<https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt>.\n'
    : '';
  return `# Third-party notices

The files in \`dist\` contain code of these packages. This page is written by \`scripts/build/third-party-notices.mjs\`.
${native}
${sections.join('\n')}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const notices = noticesFor(bundledPackages);
  if (!process.argv.includes('--check')) {
    writeFileSync(noticesFile, notices);
  } else if (!existsSync(noticesFile) || readFileSync(noticesFile, 'utf8') !== notices) {
    console.error('THIRD_PARTY_NOTICES.md is out of date. Run: node scripts/build/third-party-notices.mjs');
    process.exitCode = 1;
  }
}
