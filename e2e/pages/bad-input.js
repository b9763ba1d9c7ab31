import * as insitu from '/dist/index.js';

const rate = 16_000;
const tone = Float32Array.from({ length: rate }, (_, index) => Math.sin((2 * Math.PI * 440 * index) / rate) / 2);

function picture(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#d02020';
  context.fillRect(0, 0, width / 2, height);
  context.fillStyle = '#20d0f0';
  context.fillRect(width / 2, 0, width / 2, height / 2);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** Its pixels are encoded once: that takes longer than most models do. */
let large;

/** A head of a WAV file that promises a second of sound, and the file ends within it. */
function brokenWave() {
  const file = new Uint8Array(30);
  file.set(new TextEncoder().encode('RIFF....WAVEfmt '));
  file.set([16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3e, 0, 0, 0, 0x7d], 16);
  return new Blob([file], { type: 'audio/wav' });
}

const makers = {
  'a photo': () => picture(120, 90),
  'a tone': () => ({ samples: tone, rate }),
  'a number': () => 42,
  null: () => null,
  nothing: () => undefined,
  'an object': () => ({ anything: 1 }),
  NaN: () => Number.NaN,
  'text and null': () => ['The river froze.', null],
  'a photo and null': async () => [await picture(120, 90), null],
  'a tone and null': () => [{ samples: tone, rate }, null],
  'an empty text': () => '',
  '1 MB of text': () => 'The river [MASK] early this year. '.repeat(32_000).slice(0, 1_000_000),
  'an empty file': () => new Blob([]),
  'a JPEG that breaks off': () => '/test-images/broken-off.jpg',
  'the head of a JPEG': () => '/test-images/header-only.jpg',
  'text named .jpg': () => '/test-images/text.jpg',
  'a page': () => '/pages/bad-input.html',
  '50 megapixels': () => (large ??= picture(8000, 6250)),
  'no samples': () => ({ samples: new Float32Array(0), rate }),
  'a sample of NaN': () => ({ samples: tone.with(5000, Number.NaN), rate }),
  'a WAV that breaks off': brokenWave,
  'noise of bytes': () => new Blob([Uint8Array.from({ length: 5000 }, (_, index) => index * 31)]),
  'an hour of silence': () => ({ samples: new Float32Array(3600 * rate), rate }),
};

/** A result as text, without the many numbers of arrays; whether they are numbers at all counts. */
const inShort = (value) =>
  JSON.stringify(value, (_, own) => {
    if (typeof own === 'number' && Number.isNaN(own)) return 'NaN';
    if (!ArrayBuffer.isView(own)) return own;
    return { length: own.length, sum: own.reduce((sum, each) => sum + each, 0) };
  });

const client = insitu.createClient({ workers: 1 });
// A worker ends with its last model: one that stays keeps it, so that what one task does to the worker would show in the next.
await client.pipeline('fill-mask', '/models/insitu/tiny-fill-mask/', { dtype: 'fp32' });

async function outcomeOf(work) {
  const started = performance.now();
  const outcome = await work().then(
    (result) => ({ result: inShort(result) ?? 'undefined' }),
    ({ code = 'none', name, message, hint }) => ({ code, name, message, hint }),
  );
  return { ...outcome, milliseconds: performance.now() - started };
}

/** Calls one pipeline with each of the inputs, and then with a good one, to which `control` is the answer. */
globalThis.callWith = async ({ task, model, good, others, options, inputs }) => {
  const pipeline = await client.pipeline(task, model, { dtype: 'fp32' });
  const call = async (name) => pipeline(name in makers ? await makers[name]() : name, ...others, options);
  const control = await outcomeOf(() => call(good));
  const outcomes = [];
  for (const name of inputs) outcomes.push(await outcomeOf(() => call(name)));
  const afterwards = await outcomeOf(() => call(good));
  await pipeline.dispose();
  return { control, outcomes, afterwards };
};

globalThis.loadAs = async (task, model) =>
  outcomeOf(async () => {
    const pipeline = await client.pipeline(task, model, { dtype: 'fp32' });
    await pipeline.dispose();
    return 'loaded';
  });
globalThis.ready = true;
