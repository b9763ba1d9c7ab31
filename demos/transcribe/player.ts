import { part } from '../shared/parts.ts';
import { type Samples, sampleRate } from './sound.ts';
import { formatTime } from './timeline.ts';

export interface Player {
  /** The recording to play from here on; nothing without one. */
  load(samples: Samples | undefined): void;
  seek(seconds: number): void;
  play(): void;
  pause(): void;
}

/** @param onTime Hears where the player is: at each frame while it plays, and after each seek. */
export function createPlayer(onTime: (seconds: number) => void): Player {
  const button = part(document, 'play', HTMLButtonElement);
  const clock = part(document, 'clock', HTMLElement);
  let context: AudioContext | undefined;
  let buffer: AudioBuffer | undefined;
  let source: AudioBufferSourceNode | undefined;
  /** Where it is while nothing plays, and when what plays would have been at 0. */
  let position = 0;
  let zeroAt = 0;

  const now = (): number =>
    source && context && buffer ? Math.min(context.currentTime - zeroAt, buffer.duration) : position;
  const tell = (): void => {
    clock.textContent = buffer ? `${formatTime(now())} / ${formatTime(buffer.duration)}` : '–';
    onTime(now());
  };
  const show = (): void => {
    button.disabled = !buffer;
    button.dataset.state = source ? 'playing' : 'paused';
    button.setAttribute('aria-label', source ? 'Pause' : 'Play');
    tell();
  };
  const follow = (followed: AudioBufferSourceNode): void => {
    if (source !== followed) return;
    tell();
    requestAnimationFrame(() => follow(followed));
  };

  const halt = (): void => {
    position = now();
    source?.stop();
    source = undefined;
  };
  const start = (): void => {
    if (!buffer) return;
    context ??= new AudioContext();
    void context.resume();
    if (position >= buffer.duration) position = 0;
    const started = new AudioBufferSourceNode(context, { buffer });
    started.connect(context.destination);
    started.addEventListener('ended', () => {
      if (source !== started) return;
      halt();
      show();
    });
    zeroAt = context.currentTime - position;
    started.start(0, position);
    source = started;
    follow(started);
  };
  const pause = (): void => {
    halt();
    show();
  };
  const play = (): void => {
    if (!source) start();
    show();
  };

  button.addEventListener('click', () => (source ? pause() : play()));

  return {
    play,
    pause,
    load(samples) {
      halt();
      position = 0;
      buffer = samples && new AudioBuffer({ length: samples.length, sampleRate });
      if (samples) buffer?.copyToChannel(samples, 0);
      show();
    },
    seek(seconds) {
      const plays = source !== undefined;
      halt();
      position = seconds;
      if (plays) start();
      show();
    },
  };
}
