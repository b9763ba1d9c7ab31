/** A sound that the page makes: sines of some frequencies, summed. */
export interface Tones {
  /** Hertz. */
  tones: number[];
  seconds: number;
  rate: number;
}

/** A picture that the page draws: rectangles on a gradient. */
export interface Picture {
  /** Colour, left, top, width, height; in parts of the picture. */
  shapes: [color: string, x: number, y: number, width: number, height: number][];
  width: number;
  height: number;
}

/** One task on one model, and what is asked of it. */
export interface AgreementCase {
  task: string;
  /** Below `models/`. */
  model: string;
  dtype?: string;
  /** Arguments and options of each call, in camelCase. */
  calls: { inputs: unknown[]; options?: Record<string, unknown> }[];
}

const short = 'Mina met Omar in Lisbon.';
const sentences = ['The river froze early this year.', 'No boat left the harbour, and nobody minded.', 'ok'];
const each = (texts: readonly unknown[], options?: Record<string, unknown>) =>
  texts.map((text) => ({ inputs: [text], ...(options && { options }) }));

export const textCases: AgreementCase[] = [
  {
    task: 'feature-extraction',
    model: 'insitu/tiny-feature-extraction',
    calls: [
      ...each(sentences),
      ...each(sentences, { pooling: 'mean', normalize: true }),
      ...each(sentences, { pooling: 'cls' }),
      ...each(sentences, { pooling: 'mean', quantize: true }),
      ...each(sentences, { pooling: 'mean', quantize: true, precision: 'ubinary' }),
    ],
  },
  {
    task: 'feature-extraction',
    model: 'insitu/all-MiniLM-L6-v2',
    dtype: 'q8',
    calls: each(sentences, { pooling: 'mean', normalize: true }),
  },
  {
    task: 'text-classification',
    model: 'insitu/tiny-text-classification',
    calls: [...each(sentences), ...each(sentences, { topK: 3 })],
  },
  {
    task: 'text-classification',
    model: 'insitu/all-MiniLM-L6-v2-sst2',
    dtype: 'q8',
    calls: each(['A joy from start to finish.', 'Dull, and far too long.'], { topK: 2 }),
  },
  {
    task: 'token-classification',
    model: 'insitu/tiny-token-classification',
    calls: [
      ...each([short, ...sentences]),
      ...each([short, ...sentences], { aggregationStrategy: 'simple' }),
      ...each([short], { ignoreLabels: [] }),
    ],
  },
  {
    task: 'question-answering',
    model: 'insitu/tiny-question-answering',
    calls: [
      { inputs: ['Who froze?', sentences[0]] },
      { inputs: ['What left?', sentences[1]] },
      { inputs: ['What left?', sentences[1]], options: { topK: 3 } },
    ],
  },
  {
    task: 'zero-shot-classification',
    model: 'insitu/tiny-zero-shot-classification',
    calls: [
      { inputs: [short, ['people', 'weather', 'food']] },
      { inputs: [sentences[1], ['people', 'weather', 'food']] },
      { inputs: [sentences[0], ['people', 'weather', 'food']], options: { multiLabel: true } },
      { inputs: [sentences[1], ['people', 'weather']], options: { hypothesisTemplate: 'It is of {}.' } },
    ],
  },
  {
    task: 'sentence-similarity',
    model: 'insitu/all-MiniLM-L6-v2',
    dtype: 'q8',
    calls: [{ inputs: [sentences[0], sentences] }, { inputs: [short, sentences] }],
  },
  {
    task: 'reranking',
    model: 'insitu/tiny-reranker',
    calls: [
      { inputs: ['Who froze?', sentences] },
      { inputs: ['What left?', [short, ...sentences]], options: { topK: 2 } },
    ],
  },
  {
    task: 'fill-mask',
    model: 'insitu/tiny-fill-mask',
    calls: [...each(['The river [MASK] early.', '[MASK] boat left.']), ...each(['The [MASK] froze.'], { topK: 2 })],
  },
];

export const writingCases: AgreementCase[] = [
  {
    task: 'text-generation',
    model: 'insitu/tiny-text-generation',
    calls: [
      ...each(['Once upon', 'The river', 'Mina'], { maxNewTokens: 24 }),
      ...each(['The river'], { maxNewTokens: 12, returnFullText: false, repetitionPenalty: 1.3 }),
      ...each(['The river'], { maxNewTokens: 16, noRepeatNgramSize: 2 }),
      { inputs: [[{ role: 'user', content: 'Say something.' }]], options: { maxNewTokens: 16 } },
    ],
  },
  {
    task: 'text2text-generation',
    model: 'insitu/tiny-text2text',
    calls: each(sentences, { maxNewTokens: 16 }),
  },
  {
    task: 'summarization',
    model: 'insitu/tiny-text2text',
    calls: each(sentences, { maxNewTokens: 16, minNewTokens: 4 }),
  },
  {
    task: 'translation',
    model: 'insitu/tiny-translation',
    calls: [
      ...each(sentences, { maxNewTokens: 16, srcLang: 'eng_Latn', tgtLang: 'fra_Latn' }),
      ...each([short], { maxNewTokens: 16, srcLang: 'eng_Latn', tgtLang: 'deu_Latn' }),
    ],
  },
];

const pictures: Picture[] = [
  { shapes: [['#d02020', 0.1, 0.2, 0.3, 0.4]], width: 120, height: 90 },
  {
    shapes: [
      ['#20d040', 0.5, 0.1, 0.4, 0.3],
      ['#ffffff', 0.2, 0.6, 0.5, 0.2],
    ],
    width: 64,
    height: 96,
  },
  { shapes: [['#101010', 0, 0, 0.5, 1]], width: 200, height: 200 },
];

const onPictures = (task: string, model: string, ...more: Record<string, unknown>[]): AgreementCase => ({
  task,
  model: `insitu/${model}`,
  calls: [...each(pictures), ...more.flatMap((options) => each(pictures, options))],
});
const onPicturesWith = (
  task: string,
  model: string,
  other: unknown,
  ...more: Record<string, unknown>[]
): AgreementCase => ({
  task,
  model: `insitu/${model}`,
  calls: [{}, ...more].flatMap((options) => pictures.map((picture) => ({ inputs: [picture, other], options }))),
});

export const visionCases: AgreementCase[] = [
  onPictures('image-classification', 'tiny-image-classification', { topK: 2 }),
  onPictures('image-classification', 'tiny-image-classification-crop'),
  onPictures('object-detection', 'tiny-object-detection', { threshold: 0.1 }, { threshold: 0.1, percentage: true }),
  onPictures('image-segmentation', 'tiny-image-segmentation'),
  onPictures('image-segmentation', 'tiny-panoptic-segmentation', { threshold: 0.2 }),
  onPictures('background-removal', 'tiny-background-removal'),
  onPictures('depth-estimation', 'tiny-depth-estimation'),
  onPictures('image-to-image', 'tiny-image-to-image'),
  onPictures('image-feature-extraction', 'tiny-image-feature-extraction', { pool: true }),
  onPictures('image-to-text', 'tiny-image-to-text', { maxNewTokens: 8 }),
  onPicturesWith('zero-shot-image-classification', 'tiny-zero-shot-image-classification', [
    'a cat',
    'a dog',
    'the sea',
  ]),
  onPicturesWith('zero-shot-image-classification', 'tiny-zero-shot-image-classification-siglip', ['a cat', 'a dog']),
  onPicturesWith('zero-shot-object-detection', 'tiny-zero-shot-object-detection', ['a cat', 'a dog'], { topK: 1 }),
  onPicturesWith('document-question-answering', 'tiny-document-question-answering', 'What is the total?'),
];

const sounds: Tones[] = [
  { tones: [220, 330], seconds: 1, rate: 16_000 },
  { tones: [1000], seconds: 2, rate: 16_000 },
  { tones: [90, 4000, 5100], seconds: 1, rate: 16_000 },
];
const wideSounds: Tones[] = sounds.map((sound) => ({ ...sound, rate: 48_000 }));

/** Spoken; see its README. Both get the same samples: our own reader of WAV files rounds otherwise than the browser's, by 1/32767. */
const harbour = { recording: '/speech/harbour.wav', rate: 16_000 };

export const audioCases: AgreementCase[] = [
  {
    task: 'audio-classification',
    model: 'insitu/tiny-audio-classification',
    calls: [...each(sounds), ...each(sounds, { topK: 2 })],
  },
  { task: 'automatic-speech-recognition', model: 'insitu/tiny-asr-ctc', calls: each(sounds) },
  {
    task: 'automatic-speech-recognition',
    model: 'insitu/whisper-tiny',
    dtype: 'q8',
    calls: [
      { inputs: [harbour], options: { returnTimestamps: true, language: 'english', maxNewTokens: 40 } },
      { inputs: [harbour], options: { chunkLengthS: 3, strideLengthS: 0.5, maxNewTokens: 12 } },
    ],
  },
  {
    task: 'zero-shot-audio-classification',
    model: 'insitu/tiny-zero-shot-audio-classification',
    calls: wideSounds.map((sound) => ({ inputs: [sound, ['a bell', 'rain', 'a dog']] })),
  },
  { task: 'text-to-audio', model: 'insitu/tiny-text-to-speech', calls: each(['hello there', 'a boat', 'ok']) },
];
