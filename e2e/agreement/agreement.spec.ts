import type { Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';
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

async function agree(page: Page, given: AgreementCase): Promise<Outcome[]> {
  return page.evaluate(
    async (one) => (globalThis as unknown as { agree(given: AgreementCase): Promise<Outcome[]> }).agree(one),
    given,
  );
}

// Whisper runs twice in two libraries, one of them on the page's own thread.
test.describe.configure({ timeout: 180_000 });

const groups = { text: textCases, writing: writingCases, vision: visionCases, audio: audioCases };

for (const [group, cases] of Object.entries(groups)) {
  test.describe(`tasks of ${group} agree with transformers.js`, () => {
    for (const given of cases) {
      test(`${given.task} on ${given.model}`, async ({ page, site }) => {
        await page.goto(`${site.url}/pages/agreement.html`);
        await page.waitForFunction(() => 'ready' in globalThis);
        const outcomes = await agree(page, given);
        for (const [index, { wrong, difference, own, reference }] of outcomes.entries()) {
          const call = `call ${index}: ${own.slice(0, 300)} beside ${reference.slice(0, 300)}`;
          expect(wrong, call).toEqual([]);
          expect(difference, call).toBeLessThanOrEqual(tolerance);
        }
        // What must not hold by accident: the model looks at its input.
        expect(new Set(outcomes.map(({ own }) => own)).size).toBeGreaterThan(1);
      });
    }
  });
}
