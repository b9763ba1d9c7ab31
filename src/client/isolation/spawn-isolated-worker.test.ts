import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { spawnIsolatedWorker } from './spawn-isolated-worker.ts';

/** Node has all of a page that is needed here but this. */
class FakeErrorEvent extends Event {
  readonly error: unknown;
  constructor(type: string, { error }: { error: unknown }) {
    super(type);
    this.error = error;
  }
}

const part = vi.hoisted(() => ({ loadPart: vi.fn() }));
vi.mock('../optional-part.ts', () => part);

beforeEach(() => vi.stubGlobal('ErrorEvent', FakeErrorEvent));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

const observe = vi.fn();
const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

function spawn() {
  const { worker } = spawnIsolatedWorker({ assetBase: '/dist/' }, observe);
  const heard = { messages: [] as unknown[], errors: [] as unknown[] };
  worker.addEventListener('message', (event) => heard.messages.push((event as MessageEvent).data));
  worker.addEventListener('error', (event) => heard.errors.push((event as ErrorEvent).error));
  ended.push(() => worker.terminate());
  return { worker, heard };
}

describe('an isolated worker', () => {
  it('gets what was sent before it was there, in order, and is heard', async () => {
    const opened = vi.fn();
    let arrive = () => {};
    part.loadPart.mockReturnValue(new Promise((resolve) => (arrive = () => resolve({ openFrame: opened }))));
    const { worker, heard } = spawn();
    worker.postMessage('first', []);
    worker.postMessage('second', []);
    opened.mockImplementation(async ({ channel }: { channel: MessagePort }) => {
      channel.onmessage = ({ data }) => channel.postMessage(`heard ${data as string}`);
    });
    arrive();
    await vi.waitFor(() => expect(heard.messages).toEqual(['heard first', 'heard second']));
    expect(heard.errors).toEqual([]);
    expect(opened.mock.calls).toMatchObject([[{ options: { assetBase: '/dist/' }, observe }]]);
    opened.mock.calls[0]![0].channel.close();
  });

  it('that could not be started says why', async () => {
    const error = new Error('no such file');
    part.loadPart.mockRejectedValue(error);
    const { heard } = spawn();
    await vi.waitFor(() => expect(heard.errors).toEqual([error]));
  });

  it('that is ended removes its frame, and its failures concern nobody any more', async () => {
    let fail: (error: Error) => void = () => {};
    const openFrame = vi.fn(() => new Promise((_, reject) => (fail = reject)));
    part.loadPart.mockResolvedValue({ openFrame });
    const { worker, heard } = spawn();
    await vi.waitFor(() => expect(openFrame).toHaveBeenCalled());
    const [{ signal }] = openFrame.mock.calls[0] as unknown as [{ signal: AbortSignal }];
    expect(signal.aborted).toBe(false);
    worker.terminate();
    expect(signal.aborted).toBe(true);
    fail(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard.errors).toEqual([]);
  });
});
