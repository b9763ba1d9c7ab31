// @ts-check
import { createLiveLines, formatBar } from './live-lines.mjs';

/**
 * @typedef {object} StepProgress
 * @property {(title: string, stepCount: number) => void} begin
 * @property {(step: string) => void} step Begins the next step.
 * @property {(line: string) => void} finish Ends what was begun, if anything, and leaves a line.
 * @property {() => void} clear Ends what was begun and leaves nothing.
 *
 * @typedef {import('./live-lines.mjs').Output} Output
 */

const redrawInterval = 250;

/** @type {StepProgress} */
export const silentStepProgress = { begin: () => {}, step: () => {}, finish: () => {}, clear: () => {} };

/**
 * A bar on a terminal, lines elsewhere. The bar counts steps: npm does not tell how many bytes it has fetched, so a
 * long step shows its seconds instead.
 *
 * @param {Output} output
 * @returns {StepProgress}
 */
export function createStepProgress(output) {
  return output.isTTY ? createBar(output) : createLines(output);
}

/**
 * @param {Output} output
 * @returns {StepProgress}
 */
function createLines(output) {
  let title = '';
  return {
    begin: (newTitle) => void (title = newTitle),
    step: (step) => void output.write(`${title}: ${step}\n`),
    finish: (line) => void output.write(`${line}\n`),
    clear: () => {},
  };
}

/**
 * @param {Output} output
 * @returns {StepProgress}
 */
function createBar(output) {
  const live = createLiveLines(output);
  let title = '';
  let stepCount = 1;
  let currentStep = '';
  let startedSteps = 0;
  let stepStart = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let redraws;

  const draw = () => {
    const seconds = Math.floor((performance.now() - stepStart) / 1000);
    const bar = formatBar((startedSteps - 1) / stepCount);
    live.draw([`${bar} ${title}: ${currentStep}${seconds > 0 ? ` (${seconds} s)` : ''}`]);
  };
  const clear = () => {
    clearInterval(redraws);
    live.clear();
  };

  return {
    begin(newTitle, newStepCount) {
      title = newTitle;
      stepCount = newStepCount;
      startedSteps = 0;
    },
    step(step) {
      currentStep = step;
      startedSteps++;
      stepStart = performance.now();
      draw();
      clearInterval(redraws);
      redraws = setInterval(draw, redrawInterval);
    },
    finish(line) {
      clear();
      output.write(`${line}\n`);
    },
    clear,
  };
}
