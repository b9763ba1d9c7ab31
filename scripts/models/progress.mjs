// @ts-check

/**
 * @typedef {object} Progress
 * @property {(title: string, stepCount: number) => void} begin
 * @property {(step: string) => void} step Begins the next step.
 * @property {(line: string) => void} finish Ends what was begun, if anything, and leaves a line.
 * @property {() => void} clear Ends what was begun and leaves nothing.
 *
 * @typedef {Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>} Output
 */

const barWidth = 20;
const eraseLine = '\r\u001b[2K';
const redrawInterval = 250;

/**
 * A bar on a terminal, lines elsewhere. The bar counts steps: npm does not tell how many bytes it has fetched, so a
 * long step shows its seconds instead.
 *
 * @param {Output} output
 * @returns {Progress}
 */
export function createProgress(output) {
  return output.isTTY ? createBar(output) : createLines(output);
}

/**
 * @param {Output} output
 * @returns {Progress}
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
 * @returns {Progress}
 */
function createBar(output) {
  let title = '';
  let stepCount = 1;
  let currentStep = '';
  let startedSteps = 0;
  let stepStart = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let redraws;

  const draw = () => {
    const filled = Math.round(((startedSteps - 1) / stepCount) * barWidth);
    const bar = `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}]`;
    const seconds = Math.floor((performance.now() - stepStart) / 1000);
    const line = `${bar} ${title}: ${currentStep}${seconds > 0 ? ` (${seconds} s)` : ''}`;
    output.write(eraseLine + line.slice(0, output.columns - 1));
  };
  const clear = () => {
    clearInterval(redraws);
    output.write(eraseLine);
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
