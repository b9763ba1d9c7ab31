import { RawAudio, RawImage, Tensor, env, pipeline } from '/transformers/transformers.min.js';
import * as insitu from '/dist/index.js';

env.allowLocalModels = true;
env.allowRemoteModels = false;
env.localModelPath = '/models/';
env.useBrowserCache = false;
env.useWasmCache = false;
env.backends.onnx.wasm.wasmPaths = '/onnxruntime/';

/** Sounds cross from the test as what they are made of. */
function toInput(value) {
  if (Array.isArray(value)) return value.map(toInput);
  if (typeof value !== 'object' || value === null || !('tones' in value)) return value;
  const { tones, seconds, rate } = value;
  return Float32Array.from({ length: seconds * rate }, (_, index) =>
    tones.reduce((sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * index) / rate) / (2 * tones.length), 0),
  );
}

/** Results of transformers.js as plain data, named as those of insitu are. */
function toPlain(value) {
  if (value instanceof Tensor) return { data: value.data, dims: value.dims };
  if (value instanceof RawImage) {
    const { data, width, height, channels } = value;
    return { data, width, height, channels };
  }
  if (value instanceof RawAudio) return { audio: value.audio, sampling_rate: value.sampling_rate };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, toPlain(own)]));
}

/**
 * Compares all that the reference has; insitu may have more beside it (offsets). Numbers are compared as such, everything else must
 * be equal.
 *
 * @returns The largest difference of two numbers, and what else differs.
 */
function compare(own, reference, path = 'result') {
  if (typeof reference === 'number' && typeof own === 'number') {
    const difference = Object.is(own, reference) ? 0 : Math.abs(own - reference);
    return {
      difference,
      numbers: 1,
      wrong: Number.isFinite(difference) ? [] : [`${path}: ${own} is not ${reference}`],
    };
  }
  if (ArrayBuffer.isView(reference)) {
    if (!ArrayBuffer.isView(own) || own.length !== reference.length) {
      return { difference: 0, numbers: 0, wrong: [`${path}: ${own?.length} numbers, not ${reference.length}`] };
    }
    let difference = 0;
    for (let index = 0; index < own.length; index++) {
      difference = Math.max(difference, Math.abs(Number(own[index]) - Number(reference[index])));
    }
    return { difference, numbers: own.length, wrong: [] };
  }
  if (typeof reference !== 'object' || reference === null) {
    const same = own === reference;
    const wrong = same ? [] : [`${path}: ${JSON.stringify(own)} is not ${JSON.stringify(reference)}`];
    return { difference: 0, numbers: 0, wrong };
  }
  const keys = Object.keys(reference);
  const wrong =
    Array.isArray(reference) && own?.length !== reference.length
      ? [`${path}: ${own?.length} items, not ${reference.length}`]
      : [];
  const parts = keys.map((key) => compare(own?.[key], reference[key], `${path}.${key}`));
  return {
    difference: Math.max(0, ...parts.map((part) => part.difference)),
    numbers: parts.reduce((sum, part) => sum + part.numbers, 0),
    wrong: [...wrong, ...parts.flatMap((part) => part.wrong)],
  };
}

const snakeCase = (options) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );

/** Runs both libraries on each call of a case. */
globalThis.agree = async ({ task, model, calls, dtype = 'fp32' }) => {
  const own = await insitu.pipeline(task, `/models/${model}/`, { dtype });
  const reference = await pipeline(task, model, { dtype, device: 'wasm' });
  const outcomes = [];
  for (const { inputs, options = {} } of calls) {
    const given = inputs.map(toInput);
    const expected = toPlain(await reference(...given, snakeCase(options)));
    const result = await own(...inputs.map(toInput), options);
    outcomes.push({ ...compare(result, expected), own: JSON.stringify(result), reference: JSON.stringify(expected) });
  }
  await Promise.all([own.dispose(), reference.dispose()]);
  return outcomes;
};
globalThis.insitu = insitu;
globalThis.ready = true;
