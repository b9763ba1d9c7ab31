// @ts-check
// The runtime of insitu in a worker that does nothing else: a message with texts in, a message with a tensor out.

/** @type {Pick<MessagePort, 'postMessage' | 'onmessage'>} */
const scope = /** @type {any} */ (self);
const parameters = new URL(location.href).searchParams;
const model = /** @type {string} */ (parameters.get('model'));
const threads = Number(parameters.get('threads'));

/** @param {string} path */
async function fetchFile(path) {
  const response = await fetch(model + path);
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

const runtimeUrl = '/dist/runtime.js';
const factoryUrl = '/dist/ort-wasm-simd-threaded.mjs';
/** @type {import('../../../src/runtime/runtime.ts').RuntimeModule} */
const { startRuntime } = await import(runtimeUrl);
const runtime = startRuntime(
  { device: 'wasm', threads, simd: 'fixed', reasons: [] },
  {
    factory: import(factoryUrl).then((module) => module.default),
    wasm: WebAssembly.compileStreaming(fetch('/dist/ort-wasm-simd-threaded.wasm')),
  },
);
const engine = await runtime.load({ task: 'feature-extraction', dtypes: { model: 'q8' }, files: fetchFile });

scope.onmessage = async ({ data }) => {
  const { data: values, dims } = /** @type {import('../../../src/runtime/runtime.ts').TensorData} */ (
    await engine.run([data], { pooling: 'mean', normalize: true }, { step: (work) => work() })
  );
  scope.postMessage({ values, dims }, [values.buffer]);
};
scope.postMessage('ready');
