import { describe, expect, it, vi } from 'vitest';
import { crash } from '../workers/fake-model-worker.conformance.ts';
import { createHost, outcomeOf } from './fake-host.conformance.ts';
import { plan, turn } from './fake-model.conformance.ts';

describe('a model that is disposed of while it is loaded again', () => {
  it('is gone when its worker has nothing of it any more', async () => {
    const { load, fakes, host } = createHost();
    const [handle, neighbour] = [await load('org/name'), await load('neighbour')];
    fakes[0]!.die(crash());
    const run = (of: typeof handle) => outcomeOf(of.run({ inputs: ['text'], options: {}, priority: 'normal' }));
    const waiting = run(handle);
    const other = run(neighbour);
    await turn();
    const [loading, loadingOther] = fakes[1]!.open('load');
    const gone = vi.fn();
    const disposed = handle.dispose().then(gone);
    expect(await waiting).toMatchObject({ code: 'DISPOSED' });
    expect([loading!.aborted, loadingOther!.aborted]).toEqual([true, false]);
    // The wish to stop has come too late.
    loading!.answer({ modelId: 7, plan, bytes: 100, heap: 5000 });
    await turn();
    expect(gone).not.toHaveBeenCalled();
    fakes[1]!.open('unload')[0]!.answer();
    await disposed;
    expect(await host.stats()).toMatchObject({ workers: [{ models: 1 }], models: [{ model: 'neighbour' }] });

    loadingOther!.answer({ modelId: 8, plan, bytes: 100, heap: 5000 });
    await turn();
    fakes[1]!.open('run')[0]!.answer('answer');
    expect(await other).toBe('answer');
  });
});
