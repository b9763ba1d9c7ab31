// @ts-check
import { checkAsset } from '../doctor/check-assets.mjs';
import { checkModel } from '../doctor/check-model.mjs';
import { checkIsolation, checkPolicies } from '../doctor/check-page.mjs';
import { findAssets } from '../doctor/find-assets.mjs';
import { failure, ok } from '../doctor/finding.mjs';
import { parsePage } from '../doctor/html-page.mjs';
import { look } from '../doctor/look.mjs';
import { UsageError } from '../explained-error.mjs';
import { formatCount } from '../terminal/format-amount.mjs';

/**
 * @typedef {import('../command.mjs').CommandContext} CommandContext
 * @typedef {import('../doctor/finding.mjs').Finding} Finding
 * @typedef {import('../doctor/find-assets.mjs').Asset} Asset
 * @typedef {import('../doctor/look.mjs').Look} Look
 */

const longestPage = 4e6;

/** @type {import('../command.mjs').Command} */
export const doctorCommand = {
  usage: 'insitu doctor <url> [options]',
  summary: 'look for what keeps insitu from working on a deployed page',
  help: `Loads a page, finds the files of insitu that it uses, and tells for each whether the server
sends it as browsers need it, and if not, what mends it. Exits with 1 if something does not
work; a warning is about what works, but worse.

  --assets <url>  Folder with worker.js and the other files of insitu's dist/, where the page
                  does not tell.
  --model <url>   Folder of a model, to check that as well.
  --json          For programs.`,
  options: { assets: { type: 'string' }, model: { type: 'string' }, json: { type: 'boolean', default: false } },
  positional: '<url>',
  async run([argument = ''], values, context) {
    const url = parseUrl(argument, '<url>');
    const assets = parseFolder(values['assets'], '--assets', url);
    const model = parseFolder(values['model'], '--model', url);
    const findings = await examine({ url, assets, model }, context.signal);
    const failed = findings.some(({ level }) => level === 'failure');
    context.stdout.write(values['json'] === true ? formatJson(url, findings) : formatText(findings, context));
    return failed ? 1 : 0;
  },
};

/**
 * @param {string} value
 * @param {string} name
 * @param {string} [base]
 */
function parseUrl(value, name, base) {
  const url = URL.canParse(value, base) ? new URL(value, base) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.href;
  throw new UsageError(`${name} takes a URL such as https://host/path/; it was ${JSON.stringify(value)}.`);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {string} base
 */
function parseFolder(value, name, base) {
  if (typeof value !== 'string') return undefined;
  const url = parseUrl(value, name, base);
  return url.endsWith('/') ? url : `${url}/`;
}

/**
 * @param {{ url: string, assets: string | undefined, model: string | undefined }} options
 * @param {AbortSignal} signal
 * @returns {Promise<Finding[]>}
 */
export async function examine({ url, assets: folder, model }, signal) {
  const page = await look(url, { signal, limit: longestPage });
  if (!page.ok)
    return [failure('page', url, `The page ${page.problem}.`, 'Check the address and that the site is up.')];
  if (!page.html) {
    const type = page.headers.get('content-type') ?? 'no type';
    return [
      failure('page', url, `${url} is no HTML page (${type}).`, 'Give the address of the page that uses insitu.'),
    ];
  }
  const html = parsePage(page.text, page.url);
  const assets = await findAssets(html, folder, signal);
  const checked = await Promise.all(assets.map((asset) => checkAsset(asset, page, signal)));
  const worker = checked[assets.findIndex(({ role }) => role === 'worker')]?.seen;
  const modelFiles = model === undefined ? [] : [`${model}config.json`];
  return [
    ok('page', page.url, `The page is there.`),
    checkIsolation(page),
    ...checkPolicies({
      url: page.url,
      subject: 'The page',
      policies: [...headerPolicies(page), ...html.policies],
      assets,
      modelFiles,
    }),
    ...(worker ? checkWorkerPolicies(worker, page, assets, modelFiles) : []),
    ...(assets.length === 0 ? [noAssets(page.url)] : checked.flatMap(({ findings }) => findings)),
    ...(model === undefined ? [] : await checkModel(model, page, signal)),
  ];
}

/** @param {Look} seen */
function headerPolicies({ headers }) {
  const value = headers.get('content-security-policy');
  return value === null ? [] : [value];
}

/**
 * A worker is under the policy that its own script came with.
 *
 * @param {Look} worker
 * @param {Look} page
 * @param {Asset[]} assets
 * @param {string[]} modelFiles
 * @returns {Finding[]} Empty where it has none, or is of another origin and takes that of the page.
 */
function checkWorkerPolicies(worker, page, assets, modelFiles) {
  const policies = headerPolicies(worker);
  if (!worker.ok || policies.length === 0 || new URL(worker.url).origin !== new URL(page.url).origin) return [];
  const others = assets.filter(({ role }) => role !== 'worker');
  return checkPolicies({ url: worker.url, subject: 'The worker', policies, assets: others, modelFiles });
}

/** @param {string} url */
function noAssets(url) {
  const fix = 'Pass the folder that has worker.js: --assets <url>.';
  return failure('asset', url, 'No file of insitu was found from the page.', fix);
}

/**
 * @param {string} url
 * @param {Finding[]} findings
 */
function formatJson(url, findings) {
  return `${JSON.stringify({ url, ...countFindings(findings), checks: findings }, null, 2)}\n`;
}

/** @param {Finding[]} findings */
function countFindings(findings) {
  const count = (/** @type {Finding['level']} */ level) => findings.filter((finding) => finding.level === level).length;
  return { failures: count('failure'), warnings: count('warning') };
}

const labels = /** @type {const} */ ({
  ok: { text: 'OK', color: 32 },
  warning: { text: 'WARNING', color: 33 },
  failure: { text: 'FAILURE', color: 31 },
});

/**
 * @param {Finding[]} findings
 * @param {CommandContext} context
 */
function formatText(findings, { stdout, environment }) {
  const colored = stdout.isTTY && !environment['NO_COLOR'];
  const indent = ' '.repeat(9);
  const lines = findings.flatMap(({ level, message, fix }, index) => {
    const { text, color } = labels[level];
    const label = text.padEnd(indent.length);
    const line = `${colored ? `\u001b[${color}m${label}\u001b[39m` : label}${message}`;
    // What mends several things in a row is said once.
    return fix === undefined || findings[index + 1]?.fix === fix ? [line] : [line, `${indent}${fix}`];
  });
  const { failures, warnings } = countFindings(findings);
  return [...lines, '', `${formatCount(failures, 'failure')}, ${formatCount(warnings, 'warning')}.`, ''].join('\n');
}
