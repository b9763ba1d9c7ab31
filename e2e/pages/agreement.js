import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  RawAudio,
  RawImage,
  Tensor,
  cos_sim,
  env,
  pipeline,
} from '/transformers/transformers.min.js';
import * as insitu from '/dist/index.js';

env.allowLocalModels = true;
env.allowRemoteModels = false;
env.localModelPath = '/models/';
env.useBrowserCache = false;
env.useWasmCache = false;
env.backends.onnx.wasm.wasmPaths = '/onnxruntime/';

/** Sounds and pictures cross from the test as what they are made of. */
async function toInput(value) {
  if (Array.isArray(value)) return Promise.all(value.map(toInput));
  if (typeof value !== 'object' || value === null) return value;
  if ('tones' in value) return toSound(value);
  if ('recording' in value) return toSamples(value);
  if ('shapes' in value) return toPicture(value);
  return value;
}

/** The samples of a file, as the browser decodes it for transformers.js. */
async function toSamples({ recording, rate }) {
  const bytes = await (await fetch(recording)).arrayBuffer();
  const decoded = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes);
  return decoded.getChannelData(0);
}

function toSound({ tones, seconds, rate }) {
  return Float32Array.from({ length: seconds * rate }, (_, index) =>
    tones.reduce((sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * index) / rate) / (2 * tones.length), 0),
  );
}

async function toPicture({ shapes, width, height }) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  const sky = context.createLinearGradient(0, 0, width, height);
  sky.addColorStop(0, '#204060');
  sky.addColorStop(1, '#e0c080');
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  for (const [color, x, y, w, h] of shapes) {
    context.fillStyle = color;
    context.fillRect(x * width, y * height, w * width, h * height);
  }
  return canvas.convertToBlob({ type: 'image/png' });
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

/** A result as text, with the first of many numbers and a sum of all. */
const inShort = (value) =>
  JSON.stringify(value, (_, own) =>
    ArrayBuffer.isView(own)
      ? { first: [...own.slice(0, 8)].map(Number), sum: own.reduce((sum, each) => sum + Number(each), 0) }
      : own,
  );

/** What transformers.js has no pipeline for, as its documentation does it by hand. */
const byHand = {
  async 'sentence-similarity'(model, options) {
    const embed = await pipeline('feature-extraction', model, options);
    const vectorOf = async (text) => (await embed(text, { pooling: 'mean', normalize: true })).data;
    const call = async (source, others) => {
      const own = await vectorOf(source);
      const similarities = [];
      for (const other of others) similarities.push(cos_sim([...own], [...(await vectorOf(other))]));
      return similarities;
    };
    return Object.assign(call, { dispose: () => embed.dispose() });
  },
  async reranking(model, options) {
    const tokenizer = await AutoTokenizer.from_pretrained(model);
    const network = await AutoModelForSequenceClassification.from_pretrained(model, options);
    const call = async (query, documents, { top_k = documents.length }) => {
      const ranked = [];
      for (const [index, document] of documents.entries()) {
        const inputs = tokenizer([query], { text_pair: [document], padding: true, truncation: true });
        const { logits } = await network(inputs);
        ranked.push({ index, score: logits.sigmoid().data[0], document });
      }
      return ranked.sort((a, b) => b.score - a.score).slice(0, top_k);
    };
    return Object.assign(call, { dispose: () => network.dispose() });
  },
};

/** Runs both libraries on each call of a case. */
globalThis.agree = async ({ task, model, calls, dtype = 'fp32' }) => {
  const own = await insitu.pipeline(task, `/models/${model}/`, { dtype });
  const settings = { dtype, device: 'wasm' };
  const reference = await (byHand[task]?.(model, settings) ?? pipeline(task, model, settings));
  const outcomes = [];
  for (const { inputs, options = {} } of calls) {
    const given = await Promise.all(inputs.map(toInput));
    const expected = toPlain(await reference(...given, snakeCase(options)));
    const result = await own(...given, options);
    outcomes.push({ ...compare(result, expected), own: inShort(result), reference: inShort(expected) });
  }
  await Promise.all([own.dispose(), reference.dispose()]);
  return outcomes;
};

/** What belongs to one input of a batch, in the form of its own result. */
function partOf(batch, index, count, alone) {
  if ('data' in batch) {
    const size = batch.data.length / count;
    // Rows of several lengths are filled up with 0.
    return { data: batch.data.slice(index * size, index * size + alone.data.length) };
  }
  return Array.isArray(alone) && !Array.isArray(batch[index]) ? [batch[index]] : batch[index];
}

/** Runs the calls of a case that differ in nothing but their input as one batch, and compares it with each of them alone. */
globalThis.agreeInBatch = async ({ task, model, calls, dtype = 'fp32' }) => {
  const own = await insitu.pipeline(task, `/models/${model}/`, { dtype });
  const outcomes = [];
  const eachItsOwn = task === 'question-answering';
  const kindOf = ({ inputs, options = {} }) => JSON.stringify([eachItsOwn ? [] : inputs.slice(1), options]);
  for (const kind of new Set(calls.map(kindOf))) {
    const some = calls.filter((call) => kindOf(call) === kind);
    const [others, options] = JSON.parse(kind);
    const inputs = await Promise.all(some.map(({ inputs }) => toInput(inputs[0])));
    const alone = [];
    for (const [index, input] of inputs.entries())
      alone.push(await own(input, ...some[index].inputs.slice(1), options));
    const batch = await own(inputs, ...(eachItsOwn ? [some.map((call) => call.inputs[1])] : others), options);
    for (const [index, one] of alone.entries()) {
      const expected = 'data' in one ? { data: one.data } : one;
      const part = partOf(batch, index, inputs.length, one);
      outcomes.push({ ...compare(part, expected), own: inShort(part), reference: inShort(expected) });
    }
  }
  await own.dispose();
  return outcomes;
};
globalThis.insitu = insitu;
globalThis.ready = true;
