// @ts-check
// Passes the driver's calls on to the worker of the library that the address names.

/**
 * @typedef {import('./answer-calls.mjs').Calls} Calls
 * @typedef {import('./answer-calls.mjs').Answer} Answer
 * @typedef {Calls & { ready: Promise<unknown> }} Harness
 */

const library = new URLSearchParams(location.search).get('library');
const worker = new Worker(`/workers/${library}-worker.mjs`, { type: 'module' });

/** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
const waiting = new Map();
let lastId = -1;

/** @param {(id: number) => void} send */
function answered(send) {
  return new Promise((resolve, reject) => {
    const id = ++lastId;
    waiting.set(id, { resolve, reject });
    send(id);
  });
}

const ready = answered(() => {});

worker.onmessage = (/** @type {MessageEvent<Answer>} */ { data: { id, value, failure } }) => {
  const { resolve, reject } = waiting.get(id) ?? {};
  if (failure === undefined) resolve?.(value);
  else reject?.(new Error(failure));
};
worker.onerror = ({ message }) => {
  for (const { reject } of waiting.values()) reject(new Error(`The worker of ${library} failed. ${message}`));
};

/**
 * @param {keyof Calls} call
 * @param {unknown} [file]
 */
async function ask(call, file) {
  await ready;
  return /** @type {any} */ (await answered((id) => worker.postMessage({ id, call, file })));
}

/** @type {Harness} */
const harness = {
  ready,
  store: (file) => ask('store', file),
  read: (file) => ask('read', file),
  contents: () => ask('contents'),
};
Object.assign(globalThis, { harness });
