import type { TokenUsage } from 'insitu';
import { countOf, formatDuration } from '../shared/format.ts';
import { part } from '../shared/parts.ts';

const bucketTime = 100;
const bucketsShown = 60;
const [chartWidth, chartHeight] = [240, 32];

const endings = { stop: 'the text came to its end.', length: 'the length was reached.' };

export interface Tally {
  begin(): void;
  /** A piece has arrived, which is about a token. */
  count(): void;
  draw(): void;
  end(usage: TokenUsage, finishReason: 'stop' | 'length'): void;
  stopped(): void;
  failed(): void;
}

/** Counts of a text while it is written, and its pace: a bar for each tenth of a second. */
export function createTally(): Tally {
  const written = part(document, 'written', HTMLElement);
  const writtenNote = part(document, 'written-note', HTMLElement);
  const speed = part(document, 'speed', HTMLElement);
  const first = part(document, 'first', HTMLElement);
  const prompt = part(document, 'prompt', HTMLElement);
  const pulse = part(document, 'pulse', SVGPathElement);
  const status = part(document, 'writing-status', HTMLElement);

  let startedAt = 0;
  let firstAt = 0;
  let lastAt = 0;
  let pieces = 0;
  let buckets: number[] = [];

  /** The first token is the prompt's; the pace is that of the others. */
  const showSpeed = (tokens: number): void => {
    const seconds = (lastAt - firstAt) / 1000;
    speed.textContent = tokens > 1 && seconds > 0 ? ((tokens - 1) / seconds).toFixed(seconds < 0.1 ? 0 : 1) : '–';
  };
  const drawPulse = (): void => {
    const shown = buckets.slice(-bucketsShown);
    const step = chartWidth / bucketsShown;
    const tallest = Math.max(1, ...shown);
    const bars = Array.from(shown, (count, at) => {
      const height = Math.max(1, (count / tallest) * chartHeight);
      return `M${(at * step).toFixed(1)} ${chartHeight}V${(chartHeight - height).toFixed(1)}h${step - 1.5}V${chartHeight}z`;
    });
    pulse.setAttribute('d', bars.join(''));
  };
  const draw = (): void => {
    written.textContent = pieces === 0 ? '0' : `≈ ${pieces}`;
    if (pieces > 0) first.textContent = formatDuration(firstAt - startedAt);
    showSpeed(pieces);
    drawPulse();
  };

  return {
    draw,
    begin() {
      startedAt = performance.now();
      pieces = 0;
      buckets = [];
      prompt.textContent = '–';
      first.textContent = '–';
      writtenNote.textContent = 'pieces so far';
      status.dataset.state = 'writing';
      status.textContent = 'Writing …';
      draw();
    },
    count() {
      lastAt = performance.now();
      if (pieces === 0) firstAt = lastAt;
      pieces++;
      const bucket = Math.floor((lastAt - firstAt) / bucketTime);
      for (let at = buckets.length; at <= bucket; at++) buckets[at] = 0;
      buckets[bucket]!++;
    },
    end({ promptTokens, completionTokens }, finishReason) {
      draw();
      written.textContent = String(completionTokens);
      writtenNote.textContent = 'counted by the model';
      prompt.textContent = String(promptTokens);
      showSpeed(completionTokens);
      status.dataset.state = 'done';
      status.textContent =
        pieces === 0
          ? 'The model has nothing to add here.'
          : `${countOf(completionTokens, 'token')}: ${endings[finishReason]}`;
    },
    stopped() {
      draw();
      writtenNote.textContent = 'pieces, then stopped';
      status.dataset.state = 'stopped';
      status.textContent =
        pieces === 0 ? 'Stopped before the first token.' : `Stopped after about ${countOf(pieces, 'token')}.`;
    },
    failed() {
      status.dataset.state = 'failed';
      status.textContent = 'Not written.';
    },
  };
}
