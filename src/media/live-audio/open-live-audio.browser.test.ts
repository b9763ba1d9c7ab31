import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { openLiveAudio } from './open-live-audio.ts';

const workletUrl = new URL('./audio-worklet.ts', import.meta.url);
const [rate, blockSize, hertz] = [16_000, 512, 500];

let context: AudioContext;
beforeEach(async () => {
  // A page may start a context once its user has done something.
  await userEvent.click(document.body);
  context = new AudioContext();
  await context.resume();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await context.close();
});

/** A track with a tone. */
function testTrack(): MediaStreamTrack {
  const destination = context.createMediaStreamDestination();
  const oscillator = new OscillatorNode(context, { frequency: hertz });
  oscillator.connect(destination);
  oscillator.start();
  return destination.stream.getAudioTracks()[0]!;
}

const open = (source: MediaStreamTrack | MediaStream, signal?: AbortSignal) =>
  openLiveAudio(source, { rate, blockSize, workletUrl, signal });

/** Blocks from the first in which there is sound. */
async function read(reader: ReadableStreamDefaultReader<Float32Array>, count: number): Promise<Float32Array[]> {
  const blocks: Float32Array[] = [];
  while (blocks.length < count) {
    const { value, done } = await reader.read();
    if (done) throw new Error('It ended.');
    if (blocks.length > 0 || Math.max(...value) > 0.5) blocks.push(value);
  }
  return blocks;
}

/** How often a second the sign goes from minus to plus. */
function frequencyOf(blocks: readonly Float32Array[]): number {
  const samples = blocks.flatMap((block) => [...block]);
  const rises = samples.filter((value, index) => index > 0 && value >= 0 && samples[index - 1]! < 0).length;
  return rises / (samples.length / rate);
}

/** The contexts that are made from now on; as Firefox, which connects no track to one of another rate than its own. */
function watchContexts({ oneRate = false } = {}): AudioContext[] {
  const made: AudioContext[] = [];
  const Real = AudioContext;
  vi.stubGlobal(
    'AudioContext',
    class extends Real {
      private readonly options: AudioContextOptions | undefined;
      constructor(options?: AudioContextOptions) {
        super(options);
        this.options = options;
        made.push(this);
      }
      override createMediaStreamSource(stream: MediaStream) {
        if (oneRate && this.options?.sampleRate) throw new DOMException('Another rate.', 'NotSupportedError');
        return super.createMediaStreamSource(stream);
      }
    },
  );
  return made;
}

const states = (contexts: readonly AudioContext[]) => contexts.map(({ state }) => state);

describe('openLiveAudio', () => {
  it.each([{ oneRate: false }, { oneRate: true }])(
    'gives the sound of a track in blocks at the rate: %o',
    async (how) => {
      const contexts = watchContexts(how);
      const reader = open(testTrack()).getReader();
      const blocks = await read(reader, 20);
      await reader.cancel();
      expect(new Set(blocks.map(({ length }) => length))).toEqual(new Set([blockSize]));
      expect(Math.abs(frequencyOf(blocks.slice(4)) - hertz)).toBeLessThan(20);
      expect(contexts.at(-1)!.sampleRate === rate).toBe(!how.oneRate);
    },
  );

  it('takes a stream for its first audio track', async () => {
    const reader = open(new MediaStream([testTrack()])).getReader();
    expect(await read(reader, 1)).toHaveLength(1);
    await reader.cancel();
  });

  it('stops its context when it is cancelled, and not the track', async () => {
    const contexts = watchContexts();
    const track = testTrack();
    const reader = open(track).getReader();
    await read(reader, 1);
    expect(states(contexts)).toEqual(['running']);
    await reader.cancel();
    await vi.waitFor(() => expect(states(contexts)).toEqual(['closed']));
    expect(track.readyState).toBe('live');
    const again = open(track).getReader();
    expect(await read(again, 1)).toHaveLength(1);
    await again.cancel();
  });

  it('stops its context when it is cancelled before the first block', async () => {
    const contexts = watchContexts();
    await open(testTrack()).cancel();
    await vi.waitFor(() => expect(states(contexts)).toEqual(['closed']));
  });

  it('ends with the track', async () => {
    const contexts = watchContexts();
    const track = testTrack();
    const reader = open(track).getReader();
    await read(reader, 1);
    track.stop();
    await vi.waitFor(async () => expect((await reader.read()).done).toBe(true));
    await vi.waitFor(() => expect(states(contexts)).toEqual(['closed']));
  });

  it('fails with the reason of its signal, before and later', async () => {
    const contexts = watchContexts();
    await expect(open(testTrack(), AbortSignal.abort('before')).getReader().read()).rejects.toBe('before');
    expect(contexts).toEqual([]);
    const controller = new AbortController();
    const reader = open(testTrack(), controller.signal).getReader();
    await read(reader, 1);
    controller.abort('enough');
    await expect(reader.read()).rejects.toBe('enough');
    await vi.waitFor(() => expect(states(contexts)).toEqual(['closed']));
  });

  it('holds no more than ten seconds for a reader who does not read', async () => {
    let post: ((samples: Float32Array) => void) | undefined;
    vi.stubGlobal(
      'AudioWorkletNode',
      class extends AudioWorkletNode {
        override get port() {
          return {
            set onmessage(listener: (event: { data: Float32Array }) => void) {
              post = (data) => listener({ data });
            },
          } as unknown as MessagePort;
        }
      },
    );
    const stream = open(testTrack());
    await vi.waitFor(() => expect(post).toBeDefined());
    for (let block = 0; block < (15 * rate) / blockSize; block++) post!(new Float32Array(blockSize).fill(block));
    const reader = stream.getReader();
    const waiting = Math.ceil((10 * rate) / blockSize);
    let last = 0;
    for (let index = 0; index < waiting; index++) last = (await reader.read()).value![0]!;
    expect(last).toBe(waiting - 1);
    // What came while there was no room is gone; what comes now is not.
    post!(new Float32Array(blockSize).fill(-1));
    expect((await reader.read()).value![0]).toBe(-1);
    await reader.cancel();
  });

  it('says what is wrong with the address of the worklet', async () => {
    const missing = new URL('./no-such-worklet.ts', import.meta.url);
    const stream = openLiveAudio(testTrack(), { rate, blockSize, workletUrl: missing });
    await expect(stream.getReader().read()).rejects.toMatchObject({
      message: expect.stringContaining('no-such-worklet'),
      code: expect.stringMatching(/WORKER_START_FAILED|ASSET_IS_HTML/),
    });
  });

  it.each<[string, () => unknown, RegExp]>([
    ['nothing', () => null, /null/],
    ['an element', () => document.createElement('audio'), /HTMLAudioElement/],
    ['a stream without sound', () => new MediaStream(), /MediaStream/],
    ['a picture', () => document.createElement('canvas').captureStream().getTracks()[0], /its video track is live/],
    [
      'a track that was stopped',
      () => {
        const track = testTrack();
        track.stop();
        return track;
      },
      /its audio track is ended/,
    ],
  ])('refuses %s', (_, make, message) => {
    expect(() => open(make() as MediaStreamTrack)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
