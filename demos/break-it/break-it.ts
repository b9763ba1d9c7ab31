import { type ClientStats, isInsituError } from 'insitu';
import { describeFailure, hideFailure, showFailure } from '../shared/failure-notice.ts';
import { countOf } from '../shared/format.ts';
import { part } from '../shared/parts.ts';
import { revealCurrentPage } from '../shared/site-nav.ts';
import { connectThemeToggle } from '../shared/theme-toggle.ts';
import { abortAttacks } from './abort-attacks.ts';
import { createAccount, summariseRun } from './account.ts';
import { allAtOnce } from './all-at-once.ts';
import { connectAttackButtons } from './attack-buttons.ts';
import { type AttackRun, createAttackRuns } from './attack-runs.ts';
import { type Call, createCalls } from './calls.ts';
import { fileAttacks } from './file-attacks.ts';
import { createFrames } from './frames.ts';
import { createLedgerView } from './ledger-view.ts';
import { createSameAnswer } from './same-answer.ts';
import { createScreenChart } from './screen-chart.ts';
import { createSteadyStream } from './steady-stream.ts';
import { createTarget } from './target.ts';
import { workerAttacks } from './worker-attacks.ts';
import { createWorkerLanes } from './worker-lanes.ts';
import { watchWorkers } from './worker-watch.ts';

/** Milliseconds in which every call should have settled, whatever happens to it. */
const deadline = 15_000;
/** A call that takes longer waits for a worker. */
const waitsMs = 800;

const status = part(document, 'status', HTMLElement);
const statusText = part(document, 'status-text', HTMLElement);
const announcement = part(document, 'announcement', HTMLElement);
const failurePlace = part(document, 'load-failure', HTMLElement);
const streamButton = part(document, 'stream', HTMLButtonElement);
const still = matchMedia('(prefers-reduced-motion: reduce)');

const showLedger = createLedgerView();
const account = createAccount();
const answers = createSameAnswer();
const lanes = createWorkerLanes();
const chart = createScreenChart(part(document, 'chart', SVGSVGElement));

let stats: ClientStats | undefined;
let unhandled = 0;
let leaving = new AbortController();
const waiting = new Set<Call>();

const watch = watchWorkers((number) => {
  chart.showWorker(lanes.start(number, performance.now()));
  wake();
});

const target = createTarget(watch, (event) => {
  if (event.type === 'run') calls.noteRun(event);
  if (event.type !== 'worker') return;
  const worker = lanes.change(event.worker, event.state, performance.now(), event.code);
  if (worker) chart.showWorker(worker);
  wake();
});

const calls = createCalls({
  deadline,
  describe: (thrown) => ({
    failure: { ...describeFailure(thrown, isInsituError), retryable: isInsituError(thrown) && thrown.retryable },
    typed: isInsituError(thrown),
  }),
  onChange(call) {
    if (call.outcome === 'pending') waiting.add(call);
    else waiting.delete(call);
    chart.showCall(call);
    tell();
    if (call.kind === 'steady') {
      runs.noteSteady(call);
      if (call.outcome === 'answered') chart.showLatest(call.settledAt! - call.calledAt);
    }
    // After too many deaths in a row the library gives a model up, and asks for it to be loaded anew.
    if (call.failure?.code === 'WORKER_CRASHED' && !call.failure.retryable) void target.renew().catch(() => {});
    wake();
  },
});

const runs = createAttackRuns({
  calls,
  target,
  watch,
  lanes,
  onChange(run: AttackRun) {
    chart.showRun(run);
    buttons.showRun(run);
    account.show(run);
    wake();
  },
  onOver: (run) => (announcement.textContent = summariseRun(run)),
});

const buttons = connectAttackButtons([...workerAttacks, ...fileAttacks, ...abortAttacks, allAtOnce], {
  start: (attack) => runs.start(attack),
  isRunning: (attack) => runs.isRunning(attack),
});

const stream = createSteadyStream(target, { calls, answers, isOpen: () => target.isOpen });

/** Words for the present of each lane. */
const nameLanes = (): string[] => {
  const names: string[] = [];
  for (const { number, lane, state } of lanes.alive) {
    const isSpare = state === 'ready' && stats?.workers.some(({ id, spare }) => spare && id === number);
    names[lane] = isSpare ? 'spare' : state;
  }
  return names;
};

const lastsLong = (): number => {
  const before = performance.now() - waitsMs;
  return [...waiting].filter(({ calledAt }) => calledAt < before).length;
};

const frames = createFrames(
  (now) => {
    chart.showLanes(nameLanes());
    chart.draw(now);
  },
  () => stream.isRunning || waiting.size > 0 || runs.running > 0,
);
function wake(): void {
  frames.wake();
}

const showStatus = (state: 'loading' | 'ready' | 'error', words: string): void => {
  status.dataset.state = state;
  if (statusText.textContent !== words) statusText.textContent = words;
};

function tell(): void {
  const { compared, wrong } = answers;
  showLedger({ ...calls.tally(), unhandled, compared, wrong, ended: lanes.ended, stats });
}

const refresh = async (): Promise<void> => {
  stats = await target.stats().catch(() => undefined);
  tell();
  if (!target.isOpen) return;
  const late = lastsLong();
  if (late > 0) showStatus('loading', `${countOf(late, 'call')} waiting`);
  else showStatus('ready', stream.isRunning ? 'Answering' : 'Ready');
};

const showStream = (): void => {
  streamButton.textContent = stream.isRunning ? 'Pause the calls' : 'Start the calls';
};

const chosenWorkers = (): number =>
  Number(document.querySelector<HTMLInputElement>('input[name="workers"]:checked')?.value ?? 1);

const open = async (): Promise<void> => {
  leaving.abort();
  const { signal } = (leaving = new AbortController());
  hideFailure(failurePlace);
  buttons.setReady(false);
  showStatus('loading', 'Loading the model');
  try {
    await target.open(chosenWorkers(), signal);
    buttons.setReady(true);
    announcement.textContent = 'The model is ready.';
    void refresh();
    wake();
  } catch (thrown) {
    if (signal.aborted) return;
    const failure = describeFailure(thrown, isInsituError);
    const isMissing = failure.code === 'MODEL_NOT_FOUND';
    showStatus('error', 'Not loaded');
    showFailure(
      failurePlace,
      isMissing
        ? { ...failure, hint: 'The models of this site are not there. The command npm run models makes them.' }
        : failure,
      () => void open(),
    );
  }
};

addEventListener('unhandledrejection', () => unhandled++);
streamButton.addEventListener('click', () => {
  if (stream.isRunning) stream.stop();
  else stream.start();
  showStream();
  wake();
});
for (const choice of document.querySelectorAll('input[name="workers"]')) {
  choice.addEventListener('change', () => void open());
}
addEventListener('pagehide', () => {
  leaving.abort();
  void target.close();
});
addEventListener('pageshow', (event) => {
  if (event.persisted) void open();
});

connectThemeToggle();
revealCurrentPage();
setInterval(() => void refresh(), 250);
// What moves without being asked to is not for those who asked for less motion.
if (!still.matches) stream.start();
showStream();
void open();
