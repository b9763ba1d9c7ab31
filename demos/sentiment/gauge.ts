import { part, shape } from '../shared/parts.ts';
import { percentOf, polarityOf } from './read-tone.ts';

const centre = { x: 160, y: 160 };
const ticks = 61;
const radius = { inner: 122, major: 114, outer: 138, needle: 110 };

/** Degrees from straight up, -90 at 0 and 90 at 1. */
const angleOf = (share: number): number => share * 180 - 90;

function createTick(at: number): SVGLineElement {
  const isMajor = at % 15 === 0;
  return shape('line', {
    x1: centre.x,
    x2: centre.x,
    y1: centre.y - (isMajor ? radius.major : radius.inner),
    y2: centre.y - radius.outer,
    transform: `rotate(${angleOf(at / (ticks - 1))} ${centre.x} ${centre.y})`,
    class: isMajor ? 'gauge-tick is-major' : 'gauge-tick',
  });
}

export interface Gauge {
  /** Shows the probability of positive, 0..1; `undefined` when there is nothing to show. */
  show(positive: number | undefined): void;
}

/** A dial from negative to positive; the ticks between the middle and the reading light up. */
export function createGauge(): Gauge {
  const dial = part(document, 'dial', SVGSVGElement);
  const score = part(document, 'score', HTMLElement);
  const number = part(document, 'score-number', HTMLElement);
  const label = part(document, 'score-label', HTMLElement);
  const lines = Array.from({ length: ticks }, (_, at) => createTick(at));
  const needle = shape('path', { class: 'gauge-needle', d: `M0 ${-radius.needle}l5.5 12h-11z` });
  const pivot = shape('g', { transform: `translate(${centre.x} ${centre.y})` });
  pivot.append(needle);
  dial.append(...lines, pivot);

  return {
    show(positive) {
      const share = positive ?? 0.5;
      const polarity = positive === undefined ? 'none' : polarityOf(share);
      const [low, high] = [Math.min(share, 0.5), Math.max(share, 0.5)];
      lines.forEach((line, at) => {
        const place = at / (ticks - 1);
        line.classList.toggle('is-lit', positive !== undefined && place >= low && place <= high);
      });
      needle.style.transform = `rotate(${angleOf(share)}deg)`;
      dial.dataset.polarity = polarity;
      score.dataset.polarity = polarity;
      score.dataset.positive = positive === undefined ? '' : share.toFixed(4);
      number.textContent = positive === undefined ? '–' : `${percentOf(share)}%`;
      label.textContent = positive === undefined ? 'no reading yet' : polarity;
      dial.setAttribute('aria-valuenow', String(Math.round(share * 100)));
      dial.setAttribute(
        'aria-valuetext',
        positive === undefined ? 'no reading' : `${percentOf(share)} percent ${polarity}`,
      );
    },
  };
}
