// @ts-check
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/**
 * What the figures of a run depend on.
 *
 * @typedef {object} Environment
 * @property {string} date ISO 8601.
 * @property {string} processor
 * @property {number} cores Logical ones.
 * @property {number} memoryGibibytes
 * @property {string} system
 * @property {number} loadAverage Of the minute before the run: well above 0, something else was using the machine.
 * @property {string} node
 * @property {Record<string, string>} packages Versions by package name.
 */

/**
 * @param {Record<string, URL>} manifests package.json files by package name.
 * @returns {Environment}
 */
export function describeEnvironment(manifests) {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    processor: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    memoryGibibytes: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    loadAverage: loadavg()[0] ?? 0,
    node: process.versions.node,
    packages: Object.fromEntries(
      Object.entries(manifests).map(([name, manifest]) => [name, JSON.parse(readFileSync(manifest, 'utf8')).version]),
    ),
  };
}

/**
 * @param {Environment} environment
 * @returns {string[]} Lines.
 */
export function formatEnvironment({ date, processor, cores, memoryGibibytes, system, loadAverage, node, packages }) {
  return [
    `${date}, ${processor}, ${cores} cores, ${memoryGibibytes} GiB, ${system}, load average before the run ${loadAverage.toFixed(2)}`,
    [`Node ${node}`, ...Object.entries(packages).map(([name, version]) => `${name} ${version}`)].join(', '),
  ];
}
