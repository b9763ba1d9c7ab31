import type { Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';
import { tinyModels } from '../support/tiny-models.ts';
import { type Measured, statedDifference, writeAgreement } from './agreement-table.ts';
import { type AgreementCase, audioCases, textCases, visionCases, writingCases } from './cases.ts';

/** Numbers of both libraries may differ by so much: they add up in other orders. */
const tolerance = 1e-4;

interface Outcome {
  difference: number;
  numbers: number;
  wrong: string[];
  own: string;
  reference: string;
}

// Both runtimes start once.
let page: Page;
test.beforeAll(async ({ browser, site }) => {
  page = await browser.newPage();
  await page.goto(`${site.url}/pages/agreement.html`);
  await page.waitForFunction(() => 'ready' in globalThis);
});
test.afterAll(() => page.close());

/** What `pages/agreement.js` offers. */
type Compare = (given: AgreementCase) => Promise<Outcome[]>;

const agree = (given: AgreementCase): Promise<Outcome[]> =>
  page.evaluate(async (one) => (globalThis as unknown as { agree: Compare }).agree(one), given);

const agreeInBatch = (given: AgreementCase): Promise<Outcome[]> =>
  page.evaluate(async (one) => (globalThis as unknown as { agreeInBatch: Compare }).agreeInBatch(one), given);

// Whisper runs twice in two libraries, one of them on the page's own thread.
test.describe.configure({ timeout: 180_000 });

const groups = { text: textCases, writing: writingCases, vision: visionCases, audio: audioCases };
const allCases = Object.values(groups).flat();
const measured: Measured[] = [];

/** Silero's own rules, which transformers.js has nothing like; `e2e/voice-activity.spec.ts` knows where its speech is. */
const withoutPeer = ['voice-activity-detection'];

function expectAgreement(outcomes: readonly Outcome[]): void {
  for (const [index, { wrong, difference, own, reference }] of outcomes.entries()) {
    const call = `call ${index}: ${own.slice(0, 300)} beside ${reference.slice(0, 300)}`;
    expect(wrong, call).toEqual([]);
    expect(difference, call).toBeLessThanOrEqual(tolerance);
  }
}

test('every task has a case', () => {
  const compared = allCases.map(({ task }) => task);
  expect(new Set([...compared, ...withoutPeer])).toEqual(new Set(Object.keys(tinyModels)));
});

for (const [group, cases] of Object.entries(groups)) {
  test.describe(`tasks of ${group} agree with transformers.js`, () => {
    for (const given of cases) {
      test(`${given.task} on ${given.model}`, async ({}, { config }) => {
        const outcomes = await agree(given);
        expectAgreement(outcomes);
        // What must not hold by accident: the model looks at its input.
        expect(new Set(outcomes.map(({ own }) => own)).size).toBeGreaterThan(1);
        const difference = Math.max(...outcomes.map((outcome) => outcome.difference));
        measured.push({ given, difference });
        // `npm run agreement` asks for the table to be written.
        if (config.updateSnapshots === 'all') return;
        expect(difference, 'the difference that docs/agreement.md states').toBeLessThanOrEqual(statedDifference(given));
      });
    }
  });
}

test.afterAll(({}, { config }) => {
  if (config.updateSnapshots === 'all' && measured.length === allCases.length) writeAgreement(measured);
});

/** Tasks whose second argument is for the whole batch, or an array beside it. */
const ofTwo = ['question-answering', 'zero-shot-classification'];

/** Cases whose calls can be asked all at once. Conversations are arrays already. */
const batchable = (given: AgreementCase): AgreementCase => ({
  ...given,
  calls: given.calls.filter(
    ({ inputs }) => (inputs.length === 1 || ofTwo.includes(given.task)) && !Array.isArray(inputs[0]),
  ),
});

test.describe('a batch gives each input what it gives alone', () => {
  for (const given of allCases.map(batchable).filter(({ calls }) => calls.length > 1)) {
    test(`${given.task} on ${given.model}`, async () => expectAgreement(await agreeInBatch(given)));
  }
});
