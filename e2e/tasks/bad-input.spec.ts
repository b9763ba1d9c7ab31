import type { Page } from '@playwright/test';
import type { Task } from 'insitu';
import { expect, test } from '../support/test.ts';
import { tinyModels } from '../support/tiny-models.ts';

interface Outcome {
  result?: string;
  code?: string;
  name?: string;
  message?: string;
  hint?: string;
  milliseconds: number;
}

interface Calls {
  task: string;
  model: string;
  good: string;
  others: readonly unknown[];
  options: object;
  inputs: readonly string[];
}

/** What `pages/bad-input.js` offers. */
interface BadInputPage {
  callWith(calls: Calls): Promise<{ control: Outcome; outcomes: Outcome[]; afterwards: Outcome }>;
  loadAs(task: string, model: string): Promise<Outcome>;
}

const invalid = /^INPUT_INVALID$/;
const anyResult = 'a result';
type Expected = RegExp | typeof anyResult;

const wrongValues = { 'a number': invalid, null: invalid, nothing: invalid, 'an object': invalid };
const badTexts: Record<string, Expected> = {
  ...wrongValues,
  NaN: invalid,
  'text and null': invalid,
  // Models have an answer to it, and long texts are cut off.
  'an empty text': anyResult,
  '1 MB of text': anyResult,
};
const badImages: Record<string, Expected> = {
  ...wrongValues,
  'a photo and null': invalid,
  'an empty file': invalid,
  'a JPEG that breaks off': invalid,
  'the head of a JPEG': invalid,
  'text named .jpg': invalid,
  'a page': /^(ASSET_IS_HTML|INPUT_INVALID)$/,
  '50 megapixels': anyResult,
};
const badSounds: Record<string, Expected> = {
  ...wrongValues,
  'a tone and null': invalid,
  'an empty file': invalid,
  'no samples': invalid,
  'a sample of NaN': invalid,
  'a WAV that breaks off': invalid,
  'noise of bytes': invalid,
  'a page': /^(ASSET_IS_HTML|INPUT_INVALID)$/,
  // The whole of it is heard at once.
  'an hour of silence': /^OUT_OF_MEMORY$/,
};

interface TaskCase {
  good: string;
  bad: Record<string, Expected>;
  others?: unknown[];
  options?: object;
  /** Models of other tasks: one without the files, the others with what transformers.js would take. */
  misfits: string[];
}

const text = 'The river froze early this year.';
const ofText = { good: text, bad: badTexts };
const ofImage = { good: 'a photo', bad: badImages };
const ofSound = { good: 'a tone', bad: badSounds };
const few = { maxNewTokens: 4 };
const labels = [['a cat', 'a dog']];
const documents = [['The ferry is late.', 'ok']];

const cases: Record<Task, TaskCase> = {
  'feature-extraction': { ...ofText, misfits: ['tiny-image-classification', 'tiny-text-classification'] },
  'text-classification': { ...ofText, misfits: ['tiny-feature-extraction', 'tiny-fill-mask', 'tiny-reranker'] },
  'token-classification': { ...ofText, misfits: ['tiny-fill-mask', 'tiny-question-answering'] },
  'question-answering': { ...ofText, others: [text], misfits: ['tiny-text-classification', 'tiny-text-generation'] },
  'zero-shot-classification': { ...ofText, others: labels, misfits: ['tiny-text-classification', 'tiny-text2text'] },
  'fill-mask': {
    good: 'The river [MASK] early.',
    bad: { ...badTexts, 'an empty text': invalid },
    misfits: ['tiny-token-classification', 'tiny-feature-extraction'],
  },
  'sentence-similarity': { ...ofText, others: documents, misfits: ['tiny-reranker', 'tiny-depth-estimation'] },
  reranking: { ...ofText, others: documents, misfits: ['tiny-feature-extraction', 'tiny-token-classification'] },
  'text-generation': { ...ofText, options: few, misfits: ['tiny-text2text', 'tiny-fill-mask'] },
  'text2text-generation': { ...ofText, options: few, misfits: ['tiny-text-generation', 'tiny-image-to-text'] },
  summarization: { ...ofText, options: few, misfits: ['tiny-feature-extraction', 'tiny-document-question-answering'] },
  translation: {
    ...ofText,
    options: { ...few, srcLang: 'eng_Latn', tgtLang: 'fra_Latn' },
    misfits: ['tiny-text-generation', 'tiny-image-to-text'],
  },
  'image-classification': { ...ofImage, misfits: ['tiny-text-classification', 'tiny-image-feature-extraction'] },
  'zero-shot-image-classification': {
    ...ofImage,
    others: labels,
    misfits: ['tiny-image-classification', 'tiny-zero-shot-object-detection'],
  },
  'object-detection': { ...ofImage, misfits: ['tiny-image-classification', 'tiny-zero-shot-object-detection'] },
  'zero-shot-object-detection': {
    ...ofImage,
    others: labels,
    options: { threshold: 0 },
    misfits: ['tiny-object-detection', 'tiny-zero-shot-image-classification'],
  },
  'image-segmentation': {
    good: 'a photo',
    bad: { ...badImages, '50 megapixels': invalid },
    misfits: ['tiny-object-detection', 'tiny-image-classification'],
  },
  'background-removal': { ...ofImage, misfits: ['tiny-image-classification', 'tiny-feature-extraction'] },
  'depth-estimation': { ...ofImage, misfits: ['tiny-image-segmentation', 'tiny-image-to-image'] },
  'image-to-image': {
    good: 'a photo',
    bad: { ...badImages, '50 megapixels': invalid },
    misfits: ['tiny-image-classification', 'tiny-depth-estimation'],
  },
  'image-to-text': { ...ofImage, options: few, misfits: ['tiny-text2text', 'tiny-image-classification'] },
  'image-feature-extraction': { ...ofImage, misfits: ['tiny-image-classification', 'tiny-object-detection'] },
  'document-question-answering': {
    ...ofImage,
    others: ['What is the total?'],
    options: few,
    misfits: ['tiny-image-classification', 'tiny-text2text'],
  },
  'automatic-speech-recognition': { ...ofSound, misfits: ['tiny-audio-classification', 'tiny-text-classification'] },
  'audio-classification': { ...ofSound, misfits: ['tiny-asr-ctc', 'tiny-image-classification'] },
  'zero-shot-audio-classification': {
    good: 'a tone',
    // Of a long sound it hears a piece.
    bad: { ...badSounds, 'an hour of silence': anyResult },
    others: labels,
    misfits: ['tiny-audio-classification', 'tiny-zero-shot-image-classification'],
  },
  'voice-activity-detection': {
    good: 'a tone',
    // It hears an hour piece by piece, which takes too long for a test.
    bad: Object.fromEntries(Object.entries(badSounds).filter(([input]) => input !== 'an hour of silence')),
    misfits: ['tiny-audio-classification', 'tiny-text-classification'],
  },
  'text-to-audio': { ...ofText, misfits: ['tiny-feature-extraction', 'tiny-text-generation'] },
};

const modelUrl = (name: string) => `/models/insitu/${name}/`;

function expectTyped(outcome: Outcome, codes: RegExp, what: string): void {
  expect(outcome, `${what}: ${outcome.message}`).toMatchObject({
    code: expect.stringMatching(codes),
    name: 'InsituError',
    message: expect.stringMatching(/\w{3}/),
    hint: expect.stringMatching(/\w{3}/),
  });
}

// One page for all: what a task does to the worker shows in the tasks after it.
let page: Page;
test.beforeAll(async ({ browser, site }) => {
  page = await browser.newPage();
  await page.goto(`${site.url}/pages/bad-input.html`);
  await page.waitForFunction(() => 'ready' in globalThis);
});
test.afterAll(() => page.close());

for (const [task, { good, bad, others = [], options = {}, misfits }] of Object.entries(cases)) {
  test(`${task}: what it cannot use is refused, and the next call is answered`, async () => {
    test.setTimeout(180_000);
    const model = modelUrl(tinyModels[task as Task]);
    const { control, outcomes, afterwards } = await page.evaluate(
      async (calls) => (globalThis as unknown as BadInputPage).callWith(calls),
      { task, model, good, others, options, inputs: Object.keys(bad) },
    );
    expect(control, 'the control').toMatchObject({ result: expect.stringMatching(/^[[{]/) });
    for (const [index, [input, expected]] of Object.entries(bad).entries()) {
      const outcome = outcomes[index]!;
      if (expected === anyResult) {
        expect(outcome, input).toMatchObject({ result: expect.not.stringContaining('NaN') });
      } else {
        expectTyped(outcome, expected, input);
      }
    }
    expect(afterwards.result, 'the same call afterwards').toBe(control.result);
  });

  test(`${task}: models of other tasks are refused`, async () => {
    for (const misfit of misfits) {
      const outcome = await page.evaluate(
        async ([name, url]) => (globalThis as unknown as BadInputPage).loadAs(name, url),
        [task, modelUrl(misfit)] as const,
      );
      expectTyped(outcome, /^MODEL_(UNSUPPORTED|NOT_FOUND)$/, misfit);
    }
  });
}
