// @ts-check
// Starts before the library is there, to see how long the page cannot answer its user.

/**
 * @typedef {object} Span
 * @property {number} start Milliseconds since the navigation started.
 * @property {number} end
 *
 * @typedef {object} Blocking Milliseconds; 0 where nothing took {@link threshold}.
 * @property {number} longestPause Between two ticks of a timer. It sees every pause, also one that other processes cause.
 * @property {number} longestTask As the browser reports long tasks. Not all of them: Chromium 156 is silent about the one that
 *   follows when V8 has compiled a WebAssembly module.
 */

const threshold = 50;
const tickMs = 10;

/** @type {Span[]} */
const pauses = [];
/** @type {Span[]} */
const tasks = [];

let lastTick = performance.now();
setInterval(() => {
  const now = performance.now();
  if (now - lastTick >= threshold) pauses.push({ start: lastTick, end: now });
  lastTick = now;
}, tickMs);

/** @param {PerformanceEntryList} entries */
const addTasks = (entries) =>
  tasks.push(...entries.map(({ startTime, duration }) => ({ start: startTime, end: startTime + duration })));
const observer = new PerformanceObserver((list) => addTasks(list.getEntries()));
observer.observe({ type: 'longtask', buffered: true });

/**
 * What blocked the page, at least in part, between two times.
 *
 * @param {number} from
 * @param {number} to
 * @returns {Promise<Blocking>}
 */
export async function blockingBetween(from, to) {
  // Both tell of a pause after it is over; the observer takes its time.
  await new Promise((resolve) => setTimeout(resolve, 200));
  addTasks(observer.takeRecords());
  const longest = (/** @type {Span[]} */ spans) =>
    Math.max(0, ...spans.filter(({ start, end }) => start < to && end > from).map(({ start, end }) => end - start));
  return { longestPause: longest(pauses), longestTask: longest(tasks) };
}
