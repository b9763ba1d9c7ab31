/**
 * Stands for a worker that fell into the wrong hands: it answers like one of insitu, and a run makes it try what its input says,
 * e.g. `fetch http://host/leak`. The answer is what came of it.
 */
// What `silence` breaks, the other attempts need.
const { getOwnPropertyDescriptor, getPrototypeOf } = Object;

const attempts = {
  fetch: async (url) => (await fetch(url, { mode: 'no-cors' })).type,
  XMLHttpRequest: (url) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.onload = () => resolve('loaded');
      request.onerror = () => reject(new Error('error event'));
      request.open('GET', url);
      request.send();
    }),
  WebSocket: (url) => untilEither(new WebSocket(url.replace('http', 'ws')), 'open'),
  EventSource: (url) => untilEither(new EventSource(url), 'open'),
  FontFace: (url) => new FontFace('leak', `url(${url})`).load(),
  'import-url': (url) => import(url),
  'import-data': () => import('data:text/javascript,export default 1'),
  importScripts: (url) => importScripts(url),
  // oxlint-disable-next-line no-eval -- It is hostile.
  eval: () => (0, eval)('1 + 1'),
  nested: (url) => {
    const source = `fetch(${JSON.stringify(url)}).then(() => postMessage(1), () => postMessage(0))`;
    return untilEither(new Worker(URL.createObjectURL(new Blob([source]))), 'message');
  },
  SharedWorker: (url) => new SharedWorker(url),
  RTCPeerConnection: () => new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:9' }] }),
  WebTransport: (url) => new WebTransport(url.replace('http:', 'https:')).ready,
  sendBeacon: (url) => navigator.sendBeacon(url, 'leak'),
  indexedDB: () => untilEither(indexedDB.open('leak'), 'success'),
  /** Past whatever stands before it: the browser's own getter, where there is one. */
  'dug-up': () => {
    let holder = self;
    let getter;
    while ((holder = getPrototypeOf(holder))) {
      getter ??= getOwnPropertyDescriptor(holder, 'indexedDB')?.get;
    }
    return untilEither(Reflect.apply(getter, self, []).open('leak'), 'success');
  },
  caches: () => caches.open('leak'),
  BroadcastChannel: () => new BroadcastChannel('leak').postMessage('leak'),
  storage: () => navigator.storage.estimate(),
  directory: () => navigator.storage.getDirectory(),
  localStorage: () => localStorage.length,
  cookieStore: () => cookieStore.getAll(),
  parent: () => parent.document.title,
  top: () => top.location.href,
  opener: () => opener.location.href,
  close: () => self.close(),
  'post-strange': () => self.postMessage({ type: 'leak', to: 'the page' }),
  /** Tries to keep what follows from being told. */
  silence: () => {
    const nothing = () => {};
    addEventListener('securitypolicyviolation', (event) => event.stopImmediatePropagation(), true);
    Object.defineProperty(SecurityPolicyViolationEvent.prototype, 'effectiveDirective', { get: nothing });
    for (const name of ['apply', 'bind', 'call']) Function.prototype[name] = nothing;
    for (const name of ['postMessage', 'start', 'close']) MessagePort.prototype[name] = nothing;
    for (const name of ['addEventListener', 'dispatchEvent']) EventTarget.prototype[name] = nothing;
    for (const name of ['defineProperty', 'getOwnPropertyDescriptor', 'getPrototypeOf']) Object[name] = nothing;
    return 'done';
  },
};

function untilEither(target, success) {
  return new Promise((resolve, reject) => {
    target[`on${success}`] = () => resolve(success);
    target.onerror = () => reject(new Error('error event'));
  });
}

async function attempt(input) {
  const [name, url] = input.split(' ');
  try {
    return { allowed: true, result: String(await attempts[name](url)) };
  } catch (error) {
    return { allowed: false, result: `${error.name}: ${error.message}` };
  }
}

const reply = self.postMessage.bind(self);
const answers = {
  load: () => ({ modelId: 1, plan: { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] }, bytes: 1, heap: 0 }),
  run: ({ inputs: [input] }) => attempt(input),
};

self.onmessage = async ({ data }) => {
  if (data.type === 'ping') reply({ type: 'pong' });
  if (data.type !== 'call') return;
  const value = await (answers[data.method]?.(data.argument) ?? null);
  reply({ type: 'reply', call: data.call, reply: { ok: true, value }, more: false });
};
