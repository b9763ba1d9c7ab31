/** A sound that the page makes: sines of some frequencies, summed. */
export interface Tones {
  /** Hertz. */
  tones: number[];
  seconds: number;
  rate: number;
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
      { inputs: [sentences[0], ['people', 'weather', 'food']], options: { multiLabel: true } },
      { inputs: [sentences[1], ['people', 'weather']], options: { hypothesisTemplate: 'It is of {}.' } },
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
];
