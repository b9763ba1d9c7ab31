import { formatDuration } from './format.ts';
import { part, shape } from './parts.ts';

const runsShown = 32;
const height = 16;
const step = 4;

export interface LatencyView {
  /** Shows how long a run took, in milliseconds, from the call to its result. */
  record(milliseconds: number): void;
}

/** The last run as a number and the runs before it as bars, the longest of them full height. */
export function createLatencyView(root: ParentNode): LatencyView {
  const value = part(root, 'latency', HTMLElement);
  const sparkline = part(root, 'sparkline', SVGSVGElement);
  sparkline.setAttribute('viewBox', `0 0 ${runsShown * step} ${height}`);
  const runs: number[] = [];

  return {
    record(milliseconds) {
      runs.push(milliseconds);
      if (runs.length > runsShown) runs.shift();
      value.textContent = formatDuration(milliseconds);
      const longest = Math.max(...runs);
      sparkline.replaceChildren(
        ...runs.map((run, index) => {
          const tall = Math.max(1.5, (run / longest) * height);
          return shape('rect', { x: index * step, y: height - tall, width: step - 1.5, height: tall });
        }),
      );
    },
  };
}
