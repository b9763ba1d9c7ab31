import { InsituError } from '../../errors/insitu-error.ts';

/** A sound whose samples are read block by block, because a long one need not be in memory twice. */
export interface Sound {
  /** Samples a second; 0 where nobody told. */
  rate: number;
  channels: number;
  /** Samples of each channel. */
  length: number;
  /** Fills a block with a channel's samples of -1..1, from `start` on. */
  read(channel: number, start: number, into: Float32Array<ArrayBuffer>): void;
}

/** A sound that is in memory. */
export function soundOf(channels: readonly Float32Array<ArrayBuffer>[], rate: number): Sound {
  const length = Math.min(...channels.map((channel) => channel.length));
  return {
    rate,
    channels: channels.length,
    length: channels.length === 0 ? 0 : length,
    read: (channel, start, into) => into.set(channels[channel]!.subarray(start, start + into.length)),
  };
}

/** A sound that cannot be used. */
export function soundError(message: string, hint: string): InsituError {
  return new InsituError('INPUT_INVALID', message, { hint });
}
