/** The number after `of` calls is from 0 to 1. The same seed gives the same numbers. */
type Random = () => number;

type Priority = 'interactive' | 'normal' | 'background';

/** What may happen to a client. `slot` is where a pipeline is kept. */
export type Step = { pending: number } & (
  | { do: 'load'; slot: number; replicas: number; concurrency: number; abortAfter: number | undefined }
  | { do: 'load-faulty'; model: string; abortAfter: number | undefined }
  | { do: 'run'; slot: number; input: string | string[]; priority: Priority; abortAfter: number | undefined }
  | { do: 'abort' | 'run-disposed'; nth: number }
  | { do: 'crash'; how: 'terminate' | 'throw' | 'reject'; nth: number }
  | { do: 'dispose' | 'stats'; slot: number }
  | { do: 'renew'; client: RandomClient }
);

export interface RandomClient {
  threads: number;
  maxQueue: number;
  memoryBudget: number | undefined;
  cancelGrace: number;
}

export interface RandomSteps {
  client: RandomClient;
  steps: Step[];
}

export const slots = 5;

export const texts = [
  'hello world',
  'the time of day',
  'is it you',
  'all the new words we have',
  'brief',
  'brief model of a sentence',
  'how do you run a worker on one page',
  'first day',
];

const faults = [
  'html-for-everything',
  'html-as-json',
  'damaged-json',
  'truncated-graph',
  'forbidden',
  'nowhere',
  'stalled',
];

/** About how many of a thousand steps: those that cost a worker are rare, because another one takes its time to start. */
const shares = {
  calm: 617,
  batch: 110,
  load: 35,
  'load-faulty': 8,
  abort: 90,
  'abort-within-step': 6,
  'run-disposed': 40,
  stats: 50,
  dispose: 20,
  crash: 11,
  hang: 4,
  exhaust: 4,
  renew: 5,
};

/** The same seed gives the same steps. */
export function randomSteps(seed: number, count: number): RandomSteps {
  const random = mulberry32(seed);
  return { client: randomClient(random), steps: Array.from({ length: count }, () => randomStep(random)) };
}

function randomStep(random: Random): Step {
  const upTo = (end: number) => Math.floor(random() * end);
  const oneOf = <T>(values: readonly T[]): T => values[upTo(values.length)]!;
  const sometimes = <T>(share: number, value: () => T): T | undefined => (random() < share ? value() : undefined);

  const text = () => oneOf(texts);
  const slot = upTo(slots);
  // How many calls may be under way before the next step; now and then none.
  const pending = oneOf([0, 2, 4, 8, 8, 12]);
  const run = (input: string | string[], abortAfter?: number): Step => ({
    do: 'run',
    slot,
    input,
    priority: oneOf(['interactive', 'normal', 'normal', 'background']),
    abortAfter,
    pending,
  });
  switch (pick(random)) {
    case 'calm':
      return run(text());
    case 'batch':
      return run(
        Array.from({ length: 1 + upTo(9) }, text),
        sometimes(0.2, () => upTo(60)),
      );
    case 'hang':
      return run('slow slow slow slow slow slow');
    case 'exhaust':
      return run(oneOf(['huge', ['hello', 'huge']]));
    case 'abort-within-step':
      return run('slow slow', upTo(200));
    case 'load':
      return {
        do: 'load',
        slot,
        replicas: oneOf([1, 1, 1, 2, 3]),
        concurrency: oneOf([1, 2, 9]),
        abortAfter: sometimes(0.2, () => upTo(400)),
        pending,
      };
    case 'load-faulty': {
      const fault = oneOf(faults);
      const abortAfter = fault === 'stalled' ? 200 + upTo(600) : sometimes(0.2, () => upTo(400));
      return { do: 'load-faulty', model: `/faulty/${fault}/`, abortAfter, pending };
    }
    case 'abort':
      return { do: 'abort', nth: upTo(1000), pending };
    case 'run-disposed':
      return { do: 'run-disposed', nth: upTo(1000), pending };
    case 'stats':
      return { do: 'stats', slot, pending };
    case 'dispose':
      return { do: 'dispose', slot, pending };
    case 'crash':
      return { do: 'crash', how: oneOf(['terminate', 'throw', 'reject']), nth: upTo(1000), pending };
    case 'renew':
      return { do: 'renew', client: randomClient(random), pending };
  }
}

function pick(random: Random): keyof typeof shares {
  const entries = Object.entries(shares) as [keyof typeof shares, number][];
  let rest = random() * entries.reduce((sum, [, share]) => sum + share, 0);
  return entries.find(([, share]) => (rest -= share) < 0)?.[0] ?? 'calm';
}

/** The model of these steps has about 23 kB: some budgets hold only three copies of it. */
function randomClient(random: Random): RandomClient {
  return {
    // A thread is one worker more to start.
    threads: random() < 0.7 ? 1 : 2,
    maxQueue: random() < 0.5 ? 1000 : 5,
    memoryBudget: random() < 0.5 ? undefined : 75_000,
    cancelGrace: Math.floor(random() * 150),
  };
}

/** A small generator of good quality: https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
function mulberry32(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
