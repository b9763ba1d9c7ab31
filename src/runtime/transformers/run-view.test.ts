import { describe, expect, it, vi } from 'vitest';
import { type TransformersPipeline, viewForRun } from './run-view.ts';

type Feeds = Record<string, { dims: readonly number[] }>;

/** A graph whose runs end when the test says so. */
function createSession() {
  const ends: (() => void)[] = [];
  const run = vi.fn<(feeds: Feeds, held: Set<never>) => Promise<object>>(async (feeds) => {
    await new Promise<void>((resolve) => ends.push(resolve));
    return { logits: Object.keys(feeds) };
  });
  return { session: { run, inputNames: ['input_ids'] }, run, end: () => ends.shift()!() };
}

/** Callables as transformers.js makes them: the instance is a function that calls its own `_call`. */
function callable<T extends object>(properties: T, call: (this: T, ...given: never[]) => Promise<unknown>) {
  const instance = (...given: never[]): Promise<unknown> => (instance as typeof bound)._call(...given);
  const bound: typeof instance & T & { _call: typeof call } = Object.assign(instance, properties, { _call: call });
  return bound;
}

/** A pipeline that runs its graph on each of several feeds. */
function createPipeline(sessions: Record<string, { run: unknown }>) {
  const model = callable({ sessions, config: { model_type: 'bert' } }, async function (name: string, feeds: Feeds) {
    return (this.sessions[name] as { run(feeds: Feeds): Promise<unknown> }).run(feeds);
  });
  const pipeline = callable({ model, task: 'any' }, async function (name: string, ...all: Feeds[]) {
    const results: unknown[] = [];
    for (const feeds of all) results.push(await this.model(name as never, feeds as never));
    return results;
  });
  return pipeline as unknown as TransformersPipeline & { task: string };
}

const tokens = (count: number): Feeds => ({ input_ids: { dims: [1, count] } });
const atOnce = { step: <T>(work: () => Promise<T>) => work() };

describe('a view of a pipeline', () => {
  it('runs the same code on the same graphs, and has what the pipeline has', async () => {
    const { session, run, end } = createSession();
    const pipeline = createPipeline({ model: session });
    const { view } = viewForRun(pipeline, atOnce);
    const running = view('model', tokens(3));
    await vi.waitFor(() => expect(run).toHaveBeenCalledOnce());
    end();
    expect(await running).toEqual([{ logits: ['input_ids'] }]);
    expect((view as typeof pipeline).task).toBe('any');
    expect(view.model.sessions['model']).toMatchObject({ inputNames: ['input_ids'] });
    expect(view.model.sessions['model']).not.toBe(session);
    expect(pipeline.model.sessions['model'], 'the pipeline itself is as it was').toBe(session);
  });

  it('takes a turn for every graph that runs, and computes nothing before it', async () => {
    const { session, run, end } = createSession();
    const turns: (() => void)[] = [];
    const step = async <T>(work: () => Promise<T>): Promise<T> => {
      await new Promise<void>((resolve) => turns.push(resolve));
      return work();
    };
    const running = viewForRun(createPipeline({ model: session }), { step }).view('model', tokens(1), tokens(1));
    for (const count of [1, 2]) {
      await vi.waitFor(() => expect(turns).toHaveLength(1));
      expect(run).toHaveBeenCalledTimes(count - 1);
      turns.shift()!();
      await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(count));
      end();
    }
    expect(await running).toHaveLength(2);
  });

  it('is stopped apart from another of the same pipeline, which goes on beside it', async () => {
    const { session, run, end } = createSession();
    const pipeline = createPipeline({ model: session });
    let stopped = false;
    const stoppable = {
      async step<T>(work: () => Promise<T>): Promise<T> {
        if (stopped) throw new Error('enough');
        return work();
      },
    };
    const first = viewForRun(pipeline, stoppable).view('model', tokens(1), tokens(1));
    const second = viewForRun(pipeline, atOnce).view('model', tokens(2), tokens(2));
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
    stopped = true;
    end();
    end();
    await expect(first).rejects.toThrow('enough');
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(3));
    end();
    expect(await second).toHaveLength(2);
    expect(run.mock.calls.map(([feeds]) => feeds['input_ids']!.dims[1])).toEqual([1, 2, 2]);
  });

  it('knows the tokens of its own prompt: those of the first graph that got any', async () => {
    const sessions = { encoder: createSession(), decoder: createSession() };
    const pipeline = createPipeline({ encoder: sessions.encoder.session, decoder: sessions.decoder.session });
    const read = async (name: 'encoder' | 'decoder', view: TransformersPipeline, feeds: Feeds) => {
      const before = sessions[name].run.mock.calls.length;
      const running = view(name, feeds);
      await vi.waitFor(() => expect(sessions[name].run).toHaveBeenCalledTimes(before + 1));
      sessions[name].end();
      await running;
    };
    const [one, other] = [viewForRun(pipeline, atOnce), viewForRun(pipeline, atOnce)];
    await read('encoder', one.view, { pixel_values: { dims: [1, 3, 8, 8] } });
    expect(one.notes.promptTokens).toBe(0);
    await read('encoder', one.view, tokens(7));
    await read('decoder', one.view, tokens(1));
    expect(one.notes.promptTokens).toBe(7);
    expect(other.notes.promptTokens).toBe(0);
  });

  it('releases what its graphs still hold, and nothing of another', async () => {
    const releases = { one: vi.fn(), other: vi.fn() };
    const run = vi.fn(async (feeds: Feeds, held: Set<object>) => {
      held.add({ release: releases[Object.keys(feeds)[0] as 'one' | 'other'] });
      return {};
    });
    const pipeline = createPipeline({ model: { run } });
    const [one, other] = [viewForRun(pipeline, atOnce), viewForRun(pipeline, atOnce)];
    await one.view('model', { one: { dims: [] } });
    await other.view('model', { other: { dims: [] } });
    one.release();
    expect(releases.one).toHaveBeenCalledOnce();
    expect(releases.other).not.toHaveBeenCalled();
  });

  it('says with a code what the runtime fails with', async () => {
    const run = () => Promise.reject(new Error('std::bad_alloc'));
    const { view } = viewForRun(createPipeline({ model: { run } }), atOnce);
    await expect(view('model', tokens(1))).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
  });
});
