import { part } from '../shared/parts.ts';
import { formatTime } from './timeline.ts';

const barWidth = 3;
const gap = 1;
const step = barWidth + gap;
/** Of a bar where it is silent. */
const leastHeight = 2;
const seekStep = 5;

export interface Waveform {
  /** Shows a recording that is there: a bar for each column of `peaksOf(columns)`. */
  showSound(duration: number, draw: (columns: number) => Float32Array): void;
  /** Shows one more level of a recording that goes on, 0..1. */
  pushLevel(level: number): void;
  showEmpty(): void;
  /** Where the player is, in seconds. */
  showTime(seconds: number): void;
  /** Up to where the recording has been read, in seconds. */
  showRead(seconds: number): void;
}

/** The picture of a recording, which is also the slider of its player. */
export function createWaveform(onSeek: (seconds: number) => void): Waveform {
  const place = part(document, 'waveform', HTMLElement);
  const canvas = part(place, 'wave', HTMLCanvasElement);
  const context = canvas.getContext('2d')!;
  let duration = 0;
  let peaks = new Float32Array();
  let draw: ((columns: number) => Float32Array) | undefined;
  let levels: number[] = [];
  let isLive = false;
  let at = 0;
  let read = 0;

  const columnsOf = (): number => Math.max(1, Math.floor((canvas.clientWidth + gap) / step));

  const paint = (): void => {
    const { clientWidth: width, clientHeight: height } = canvas;
    const scale = devicePixelRatio;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    // Properties of these kinds come out as plain colours, whatever the theme.
    const { fill: played, color: known, stroke: unknown } = getComputedStyle(canvas);
    const bars = isLive ? levels.slice(-columnsOf()) : peaks;
    const offset = isLive ? columnsOf() - bars.length : 0;
    for (let column = 0; column < bars.length; column++) {
      const seconds = ((column + 0.5) / bars.length) * duration;
      context.fillStyle = isLive || (at > 0 && seconds <= at) ? played : seconds <= read ? known : unknown;
      const tall = Math.max(leastHeight, bars[column]! * (height - 8));
      context.fillRect((column + offset) * step, (height - tall) / 2, barWidth, tall);
    }
  };

  const describe = (): void => {
    place.setAttribute('aria-valuemax', duration.toFixed(1));
    place.setAttribute('aria-valuenow', at.toFixed(1));
    place.setAttribute(
      'aria-valuetext',
      duration === 0 ? 'no recording' : `${formatTime(at)} of ${formatTime(duration)}`,
    );
    place.setAttribute('aria-disabled', String(duration === 0));
  };
  const seek = (seconds: number): void => {
    if (duration > 0) onSeek(Math.max(0, Math.min(duration, seconds)));
  };
  const seekTo = ({ clientX }: PointerEvent): void => {
    const { left, width } = canvas.getBoundingClientRect();
    seek(((clientX - left) / width) * duration);
  };

  place.addEventListener('pointerdown', (event) => {
    if (duration === 0) return;
    place.setPointerCapture(event.pointerId);
    seekTo(event);
  });
  place.addEventListener('pointermove', (event) => {
    if (place.hasPointerCapture(event.pointerId)) seekTo(event);
  });
  place.addEventListener('keydown', (event) => {
    const targets: Record<string, number> = {
      ArrowLeft: at - seekStep,
      ArrowDown: at - seekStep,
      ArrowRight: at + seekStep,
      ArrowUp: at + seekStep,
      Home: 0,
      End: duration,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    seek(target);
  });

  const resize = new ResizeObserver(() => {
    if (draw) peaks = Float32Array.from(draw(columnsOf()));
    paint();
  });
  resize.observe(canvas);
  // Colours are read when bars are painted.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
  new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ['data-theme'] });
  describe();

  const reset = (live: boolean): void => {
    isLive = live;
    levels = [];
    draw = undefined;
    peaks = new Float32Array();
    [duration, at, read] = [0, 0, 0];
    place.dataset.state = live ? 'live' : 'empty';
    describe();
  };

  return {
    showEmpty() {
      reset(false);
      paint();
    },
    showSound(seconds, drawer) {
      reset(false);
      duration = seconds;
      draw = drawer;
      peaks = Float32Array.from(drawer(columnsOf()));
      place.dataset.state = 'sound';
      describe();
      paint();
    },
    pushLevel(level) {
      if (!isLive) reset(true);
      levels.push(level);
      paint();
    },
    showTime(seconds) {
      at = seconds;
      describe();
      paint();
    },
    showRead(seconds) {
      read = seconds;
      paint();
    },
  };
}
