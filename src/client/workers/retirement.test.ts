import { describe, expect, it } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { crash, createFakeModelWorker } from './fake-model-worker.conformance.ts';
import { isRetirement, retire } from './retirement.ts';

describe('a worker that is retired', () => {
  it('ends, and its calls know that they can be sent again', async () => {
    const { worker } = createFakeModelWorker();
    const waiting = worker.call('unload', 1).catch((error: unknown) => error);
    const cause = new Error('the call that it is about');
    await retire(worker, cause);
    expect(worker.death).toMatchObject({ code: 'WORKER_CRASHED', retryable: true, cause });
    expect(await waiting).toBe(worker.death);
    expect(isRetirement(await waiting)).toBe(true);
    await expect(worker.call('unload', 1)).rejects.toSatisfy(isRetirement);
  });

  it('that has died before is no retirement', async () => {
    const { worker, die } = createFakeModelWorker();
    die(crash());
    await retire(worker, 'too late');
    expect(isRetirement(worker.death)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['a crash', crash()],
    ['another error that says the same', new InsituError('WORKER_CRASHED', 'The worker was ended.', { hint: '' })],
    ['a text', 'retired'],
    ['nothing', undefined],
    ['null', null],
  ])('is told apart from %s', (_, error) => {
    expect(isRetirement(error)).toBe(false);
  });
});
