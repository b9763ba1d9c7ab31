import { createRateBlocks } from './rate-blocks.ts';

// Runs on the browser's audio thread. The build makes it a plain script without imports.

/** What the page tells the processor. */
export interface LiveAudioProcessorOptions {
  /** Samples a second that are wanted. */
  rate: number;
  /** Samples of each block. */
  blockSize: number;
}

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare const sampleRate: number;
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: LiveAudioProcessorOptions }) => AudioWorkletProcessor,
): void;

/** Gathers what comes in pieces of 128 samples to blocks at the wanted rate, and posts those. */
class BlockPoster extends AudioWorkletProcessor {
  private readonly blocksOf: ReturnType<typeof createRateBlocks>;

  constructor({ processorOptions: { rate, blockSize } }: { processorOptions: LiveAudioProcessorOptions }) {
    super();
    this.blocksOf = createRateBlocks(sampleRate, rate, blockSize);
  }

  process([input]: Float32Array[][]): boolean {
    // No channel is there while nothing is connected.
    const samples = input?.[0];
    if (samples) for (const block of this.blocksOf(samples)) this.port.postMessage(block, [block.buffer]);
    return true;
  }
}

registerProcessor('insitu-live-audio', BlockPoster);
