import type { ClientStats, Pipeline } from 'insitu';
import type { RandomSteps, Step } from './random-steps.ts';

export interface StepsGiven extends RandomSteps {
  model: string;
  workers: number;
  hangTimeout: number;
  /** Milliseconds after which a call counts as forgotten. */
  deadline: number;
  /** The vector of each text, as it was before. */
  vectors: Record<string, number[]>;
}

export interface StepsReport {
  /** What became of the calls, e.g. `run: WORKER_CRASHED`. */
  counts: Record<string, number>;
  /** What must not be, with the number of the step. */
  violations: string[];
  slowestAbortMs: number;
}

declare global {
  /** Makes something fail within one of the page's workers, when it comes to it. */
  var failInWorker: (how: 'throw' | 'reject', nth: number) => Promise<void>;
}

type Embed = Pipeline<'feature-extraction'>;

interface OpenCall {
  name: string;
  controller: AbortController | undefined;
  abortedAt: number | undefined;
}

/** Does to a client whatever the steps say. Runs in the page, so it can use nothing from outside of itself. */
export async function takeSteps(given: StepsGiven): Promise<StepsReport> {
  const { model, workers, hangTimeout, deadline, vectors } = given;
  const report: StepsReport = { counts: {}, violations: [], slowestAbortMs: 0 };
  const workerTrouble = ['WORKER_CRASHED', 'WORKER_UNRESPONSIVE', 'WORKER_START_FAILED', 'DISPOSED'];
  const files = ['ASSET_IS_HTML', 'MODEL_INVALID', 'MODEL_NOT_FOUND', 'HTTP_STATUS', 'NETWORK'];
  /** How a call may fail, beside the reason of its signal. */
  const failures: Record<string, string[]> = {
    load: workerTrouble,
    // Some budgets are smaller than these models.
    'load-faulty': [...workerTrouble, ...files, 'OUT_OF_MEMORY'],
    run: [...workerTrouble, 'QUEUE_FULL'],
    'run-huge': [...workerTrouble, 'QUEUE_FULL', 'OUT_OF_MEMORY'],
    'run-disposed': ['DISPOSED'],
  };

  const open = new Set<OpenCall>();
  let settled = () => {};
  let at = 0;
  const wrong = (what: string) => report.violations.push(`step ${at}: ${what}`);
  const atMost = async (count: number) => {
    while (open.size > count) await new Promise<void>((resolve) => (settled = resolve));
  };

  const track = (
    name: string,
    promise: Promise<unknown>,
    controller?: AbortController,
    check?: (value: never) => string,
  ) => {
    const step = at;
    const call: OpenCall = { name, controller, abortedAt: undefined };
    open.add(call);
    const close = (outcome: string, violation?: string | false) => {
      if (!open.delete(call)) return;
      clearTimeout(timer);
      report.counts[`${name}: ${outcome}`] = (report.counts[`${name}: ${outcome}`] ?? 0) + 1;
      if (violation) report.violations.push(`step ${step}, ${name}: ${violation}`);
      settled();
    };
    const timer = setTimeout(() => close('forgotten', `has not settled within ${deadline} ms`), deadline);
    promise.then(
      (value) => close('ok', call.abortedAt === undefined ? check?.(value as never) : 'was aborted, and gave a value'),
      (error: unknown) => {
        if (call.abortedAt !== undefined) {
          report.slowestAbortMs = Math.max(report.slowestAbortMs, performance.now() - call.abortedAt);
          return close('aborted', error !== controller!.signal.reason && `was aborted, and gave ${String(error)}`);
        }
        if (!insitu.isInsituError(error)) return close('untyped', String(error));
        close(
          error.code,
          !failures[name]?.includes(error.code) && `${error.code} ${error.message} ${String(error.cause)}`,
        );
      },
    );
    return call;
  };
  const abort = (call: OpenCall | undefined) => {
    if (!call || !open.has(call) || call.abortedAt !== undefined) return;
    call.abortedAt = performance.now();
    call.controller!.abort({ reason: call.name });
  };
  const abortLater = (call: OpenCall, milliseconds: number | undefined) => {
    if (milliseconds !== undefined) setTimeout(() => abort(call), milliseconds);
  };
  const nextTask = () => new Promise((resolve) => setTimeout(resolve));

  const openClient = (random: StepsGiven['client']) => {
    const { memoryBudget = Infinity, ...options } = random;
    return insitu.createClient({ workers, hangTimeout, memoryBudget, ...options });
  };
  let client = openClient(given.client);
  const slots: (Embed | undefined)[] = [];
  const disposed: Embed[] = [];
  const dispose = (embed: Embed | undefined) => {
    if (!embed) return;
    track('dispose', embed.dispose());
    disposed.push(embed);
  };
  const empty = (slot: number): Embed | undefined => {
    const embed = slots[slot];
    slots[slot] = undefined;
    return embed;
  };

  const load = async ({ slot, replicas, concurrency, abortAfter }: Omit<Step & { do: 'load' }, 'do' | 'pending'>) => {
    dispose(empty(slot));
    const own = client;
    const controller = new AbortController();
    const loading = own.pipeline('feature-extraction', model, { replicas, concurrency, signal: controller.signal });
    abortLater(track('load', loading, controller), abortAfter);
    const embed = await loading.catch(() => undefined);
    if (embed && client === own && !slots[slot]) slots[slot] = embed;
    else dispose(embed);
  };

  const compare = (inputs: string[]) => (value: { data: Float32Array; dims: number[] }) => {
    const expected = inputs.flatMap((text) => vectors[text]!);
    const same =
      value.data.length === expected.length && expected.every((number, i) => Math.abs(number - value.data[i]!) < 1e-5);
    return same ? '' : `other numbers for ${JSON.stringify(inputs)}`;
  };
  const run = (embed: Embed, { input, priority, abortAfter }: Step & { do: 'run' }) => {
    const inputs = [input].flat();
    const controller = new AbortController();
    const running = embed(input, { pooling: 'mean', priority, signal: controller.signal });
    const name = inputs.includes('huge') ? 'run-huge' : 'run';
    abortLater(
      track(name, running, controller, inputs.every((text) => vectors[text]) ? compare(inputs) : undefined),
      abortAfter,
    );
  };

  const take = async (step: Step) => {
    switch (step.do) {
      case 'load':
        return void load(step);
      case 'load-faulty': {
        const controller = new AbortController();
        const loading = client.pipeline('feature-extraction', step.model, { signal: controller.signal });
        return abortLater(
          track('load-faulty', loading, controller, () => 'was loaded'),
          step.abortAfter,
        );
      }
      case 'run': {
        if (!slots[step.slot]) await load({ slot: step.slot, replicas: 1, concurrency: 9, abortAfter: undefined });
        const embed = slots[step.slot];
        if (embed) run(embed, step);
        return;
      }
      case 'abort': {
        // A call that has settled in this task counts as settled.
        await nextTask();
        const abortable = [...open].filter(({ controller, abortedAt }) => controller && abortedAt === undefined);
        return abort(abortable[step.nth % abortable.length]);
      }
      case 'run-disposed': {
        const embed = disposed[step.nth % disposed.length];
        if (embed) track('run-disposed', embed('hello'), undefined, () => 'has answered');
        return;
      }
      case 'stats': {
        track('stats', client.stats(), undefined, (stats: ClientStats) => {
          const taking = stats.workers.filter(({ state, spare }) => state !== 'draining' && !spare).length;
          return taking > workers ? `${taking} workers` : '';
        });
        if (slots[step.slot]) track('stats', slots[step.slot]!.stats());
        return;
      }
      case 'dispose':
        return dispose(empty(step.slot));
      case 'crash':
        if (step.how !== 'terminate') return void failInWorker(step.how, step.nth);
        if (lab.live.size > 0) lab.kill([...lab.live][step.nth % lab.live.size]!);
        return;
      case 'renew':
        track('close', client.close());
        for (let slot = 0; slot < slots.length; slot++) disposed.push(...[empty(slot) ?? []].flat());
        client = openClient(step.client);
    }
  };

  for (const step of given.steps) {
    at++;
    await take(step).catch((error: unknown) => wrong(`threw ${String(error)}`));
    await atMost(step.pending);
  }
  await atMost(0);
  // What has just been loaded for a client that is gone is disposed of now.
  await nextTask();
  track('close', client.close());
  await atMost(0);
  return report;
}
