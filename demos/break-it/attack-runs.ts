import { type Arena, type Attack, pause } from './attack.ts';
import type { Call, Calls, MadeCall } from './calls.ts';
import type { Target } from './target.ts';
import type { WorkerLanes } from './worker-lanes.ts';
import type { WatchedWorker, WorkerWatch } from './worker-watch.ts';

/** An attack that goes on, or is over. Times are those of `performance.now()`. */
export interface AttackRun {
  readonly id: number;
  readonly attack: Attack;
  /** Calls that it made, the next one after it among them. */
  readonly calls: Call[];
  readonly notes: string[];
  /** Calls of the stream that were on their way at some time from the attack to the next answer. */
  readonly meanwhile: Set<Call>;
  struckAt?: number;
  /** When a call that was made after it was answered. */
  againAt?: number;
  /** Everything that it sent has settled. */
  over: boolean;
}

export interface AttackRuns {
  /** Attacks that go on. */
  readonly running: number;
  isRunning(attack: Attack): boolean;
  start(attack: Attack): void;
  /** A call of the stream was made or has settled. */
  noteSteady(call: Call): void;
}

export interface AttackRunsOptions {
  calls: Calls;
  target: Target;
  watch: WorkerWatch;
  lanes: WorkerLanes;
  onChange(run: AttackRun): void;
  onOver(run: AttackRun): void;
}

/** A worker that has been busy for so long is at a long run. */
const longRunMs = 300;
/** Other attacks may hit the next call, too: after so many, no call follows at once. */
const promptTries = 3;
const laterMs = 500;

export function createAttackRuns({ calls, target, watch, lanes, onChange, onOver }: AttackRunsOptions): AttackRuns {
  const going = new Set<AttackRun>();
  /** Calls of the stream that are on their way, and the attacks that they lived to see. */
  const steady = new Map<Call, Set<AttackRun>>();
  let files: Promise<unknown> = Promise.resolve();
  let lastId = 0;

  /** A worker whose run began after that moment, and lasts. */
  const workerBusySince = (begun: number): WatchedWorker | undefined => {
    const before = performance.now() - longRunMs;
    const busy = lanes.alive.find(({ state, since }) => state === 'busy' && since >= begun && since < before);
    return busy && watch.find(busy.number);
  };

  const witness = (call: Call, seen: Set<AttackRun>, run: AttackRun): void => {
    run.meanwhile.add(call);
    seen.add(run);
  };

  const arenaOf = (run: AttackRun): Arena => {
    const make = <T>(what: string, call: () => Promise<T>, signal?: AbortSignal): MadeCall<T> => {
      const made = calls.make({ kind: 'attack', what, signal }, call);
      run.calls.push(made.call);
      onChange(run);
      void made.value.then(() => onChange(run));
      return made;
    };
    const nextCall = async (): Promise<void> => {
      for (let tries = 1; run.againAt === undefined && target.isOpen; tries++) {
        if (tries > promptTries) await pause(laterMs);
        const what = tries === 1 ? 'The next call' : 'The one after it';
        const { call, value } = make(what, () => target.embed('the next call'));
        if (await value) run.againAt = call.settledAt!;
      }
      onChange(run);
    };
    return {
      embed: (what, input, signal) => make(what, () => target.embed(input, signal && { signal }), signal),
      load: (what, reference) => make(what, () => target.load(reference)),
      ask: (what, model) => make(what, () => model('hello world', { pooling: 'mean' })),
      strike() {
        run.struckAt = performance.now();
        for (const [call, seen] of steady) witness(call, seen, run);
        return nextCall();
      },
      note(words) {
        run.notes.push(words);
        onChange(run);
      },
      async midRun(call) {
        while (call.outcome === 'pending') {
          const worker = workerBusySince(call.calledAt);
          // A worker that loads a model is busy, too.
          const stats = worker && (await target.stats());
          if (stats?.models.some(({ running }) => running > 0)) return worker;
          await pause(20);
        }
        return undefined;
      },
      async killAll() {
        const victims = lanes.alive.map(({ number }) => number);
        for (const number of victims) watch.find(number)?.terminate();
        while (lanes.alive.some(({ number }) => victims.includes(number))) await pause(5);
      },
      setNetwork: (network) => watch.setNetwork(network),
      stored: () => target.stored(),
      forget: (reference) => target.forget(reference),
    };
  };

  const perform = async (run: AttackRun): Promise<void> => {
    const { attack } = run;
    const turn = attack.takesFiles ? files : undefined;
    const work = (async () => {
      await turn;
      await attack.run(arenaOf(run));
    })();
    if (attack.takesFiles) files = work.catch(() => {});
    try {
      await work;
    } catch (thrown) {
      run.notes.push(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      if (attack.takesFiles) watch.setNetwork('sound');
      run.over = true;
      going.delete(run);
      onChange(run);
      onOver(run);
    }
  };

  return {
    get running() {
      return going.size;
    },
    isRunning: (attack) => [...going].some((run) => run.attack === attack),
    start(attack) {
      const run: AttackRun = { id: ++lastId, attack, calls: [], notes: [], meanwhile: new Set(), over: false };
      going.add(run);
      onChange(run);
      void perform(run);
    },
    noteSteady(call) {
      if (call.outcome !== 'pending') {
        const seen = steady.get(call) ?? [];
        steady.delete(call);
        for (const run of seen) onChange(run);
        return;
      }
      const seen = new Set<AttackRun>();
      steady.set(call, seen);
      for (const run of going) if (run.struckAt !== undefined && run.againAt === undefined) witness(call, seen, run);
    },
  };
}
