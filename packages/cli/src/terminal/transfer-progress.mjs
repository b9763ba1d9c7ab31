// @ts-check
import { formatBytes, formatSeconds } from './format-amount.mjs';
import { createLiveLines, formatBar } from './live-lines.mjs';

/**
 * What of several files has arrived.
 *
 * @typedef {object} TransferProgress
 * @property {(path: string, size: number | undefined) => void} expect Names a file; its size is added to the total.
 * @property {(path: string, loaded: number, size: number | undefined) => void} start A file begins, or goes on, at a byte.
 * @property {(path: string, count: number) => void} advance More bytes of it are here.
 * @property {(path: string, size: number) => void} keep The file was here, and right.
 * @property {(path: string, size: number) => void} finish The file has arrived, and is right.
 * @property {(line: string) => void} note Leaves a line.
 * @property {() => void} end Shows nothing more.
 *
 * @typedef {{ loaded: number, size: number | undefined, active: boolean }} Row
 * @typedef {import('./live-lines.mjs').Output} Output
 */

const redrawInterval = 100;
/** Speed is that of the last seconds: older bytes say little of what comes. */
const speedWindow = 5000;

/** @type {TransferProgress} */
export const silentTransferProgress = {
  expect: () => {},
  start: () => {},
  advance: () => {},
  keep: () => {},
  finish: () => {},
  note: () => {},
  end: () => {},
};

/**
 * Bars on a terminal: one for each file under way and one for all. Lines elsewhere: one for each file, and one for each
 * tenth of all.
 *
 * @param {Output} output
 * @returns {TransferProgress}
 */
export function createTransferProgress(output) {
  const transfer = createTransfer();
  return output.isTTY ? createBars(output, transfer) : createLines(output, transfer);
}

/** @typedef {ReturnType<typeof createTransfer>} Transfer */

function createTransfer() {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @type {{ time: number, received: number }[]} */
  let samples = [{ time: performance.now(), received: 0 }];
  let received = 0;

  const rowOf = (/** @type {string} */ path) => {
    const row = rows.get(path) ?? { loaded: 0, size: undefined, active: false };
    rows.set(path, row);
    return row;
  };
  const sum = (/** @type {(row: Row) => number} */ amount) =>
    [...rows.values()].reduce((total, row) => total + amount(row), 0);

  const measureSpeed = () => {
    const time = performance.now();
    const recent = samples.filter((sample) => time - sample.time <= speedWindow);
    const since = recent[0] ?? samples.at(-1);
    samples = [...recent, { time, received }];
    return since && time > since.time ? ((received - since.received) / (time - since.time)) * 1000 : 0;
  };

  return {
    expect: (/** @type {string} */ path, /** @type {number | undefined} */ size) => void (rowOf(path).size = size),
    start(/** @type {string} */ path, /** @type {number} */ loaded, /** @type {number | undefined} */ size) {
      const row = rowOf(path);
      Object.assign(row, { loaded, size: size ?? row.size, active: true });
    },
    advance(/** @type {string} */ path, /** @type {number} */ count) {
      rowOf(path).loaded += count;
      received += count;
    },
    keep: (/** @type {string} */ path, /** @type {number} */ size) =>
      void Object.assign(rowOf(path), { loaded: size, size, active: false }),
    finish: (/** @type {string} */ path, /** @type {number} */ size) =>
      void Object.assign(rowOf(path), { loaded: size, size, active: false }),
    active: () => [...rows].filter(([, row]) => row.active),
    share: () => sum(({ loaded }) => loaded) / Math.max(1, total()),
    summary() {
      const speed = measureSpeed();
      const loaded = sum((row) => row.loaded);
      const parts = [`${formatBytes(loaded)} of ${formatBytes(total())}`, `${formatBytes(Math.round(speed))}/s`];
      if (speed > 0 && loaded < total()) parts.push(`${formatSeconds((total() - loaded) / speed)} left`);
      return parts.join('  ');
    },
  };

  function total() {
    return sum(({ loaded, size }) => Math.max(loaded, size ?? 0));
  }
}

/** @param {number} share */
function formatPercent(share) {
  return `${String(Math.floor(share * 100)).padStart(3)} %`;
}

/** @param {number} share */
function formatShare(share) {
  return `${formatBar(share)} ${formatPercent(share)}`;
}

/**
 * @param {Output} output
 * @param {Transfer} transfer
 * @returns {TransferProgress}
 */
function createLines(output, transfer) {
  let tenths = 0;
  return {
    ...transfer,
    advance(path, count) {
      transfer.advance(path, count);
      const share = transfer.share();
      if (Math.floor(share * 10) <= tenths) return;
      tenths = Math.floor(share * 10);
      output.write(`${formatPercent(share)}  ${transfer.summary()}\n`);
    },
    finish(path, size) {
      transfer.finish(path, size);
      output.write(`${path}: ${formatBytes(size)}\n`);
    },
    note: (line) => void output.write(`${line}\n`),
    end: () => {},
  };
}

/**
 * @param {Output} output
 * @param {Transfer} transfer
 * @returns {TransferProgress}
 */
function createBars(output, transfer) {
  const live = createLiveLines(output);
  const draw = () => {
    const lines = transfer.active().map(([path, { loaded, size }]) => {
      if (size === undefined) return `${formatBytes(loaded)}  ${path}`;
      return `${formatShare(loaded / Math.max(1, size))}  ${path}`;
    });
    live.draw([...lines, `${formatShare(transfer.share())}  ${transfer.summary()}`]);
  };
  const redraws = setInterval(draw, redrawInterval);
  return {
    ...transfer,
    note(line) {
      live.clear();
      output.write(`${line}\n`);
      draw();
    },
    end() {
      clearInterval(redraws);
      live.clear();
    },
  };
}
