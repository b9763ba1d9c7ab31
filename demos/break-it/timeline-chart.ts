import { formatDuration } from '../shared/format.ts';
import { shape } from '../shared/parts.ts';
import type { AttackRun } from './attack-runs.ts';
import type { Call } from './calls.ts';
import { createCallMarks } from './call-marks.ts';
import type { ChartLayer } from './chart-layer.ts';
import type { ChartPlan } from './chart-plan.ts';
import { createFlags } from './flags.ts';
import { createLaneMarks } from './lane-marks.ts';
import type { LaneWorker } from './worker-lanes.ts';

/** The picture of all calls and workers over time: it moves to the left, and the present stands still. */
export interface TimelineChart {
  showCall(call: Call): void;
  showWorker(worker: Readonly<LaneWorker>): void;
  showRun(run: AttackRun): void;
  /** What the workers are now, by their lanes. */
  showLanes(names: readonly (string | undefined)[]): void;
  showLatest(milliseconds: number): void;
  draw(now: number): void;
  /** Another chart takes its place. */
  end(): void;
}

const tickSeconds = 5;
/** Flags and codes reach to the left of what they belong to. */
const keptPixels = 300;

const text = (className: string, x: number, y: number, words = ''): SVGTextElement => {
  const created = shape('text', { class: className, x, y });
  created.textContent = words;
  return created;
};

/** @param origin The moment that stands at 0. */
export function createTimelineChart(svg: SVGSVGElement, plan: ChartPlan, origin: number): TimelineChart {
  const x = (time: number): number => ((time - origin) / 1000) * plan.second;
  const { attack, steady, lanes, axis } = plan;
  const top = 2 * plan.flags.y(0) * plan.flags.rows;

  const plot = shape('svg', { class: 'chart-plot', x: 0, y: 0, height: plan.height });
  const moving = shape('g');
  const groups = { spans: shape('g'), ticks: shape('g'), lanes: shape('g'), calls: shape('g'), flags: shape('g') };
  moving.append(...Object.values(groups));
  plot.append(moving);

  const bottomRow = steady.y(steady.rows - 1);
  const present = shape('line', { class: 'chart-present', y1: 0, y2: axis });
  const latest = text('chart-latest', 0, bottomRow + 4);
  const latestName = text('chart-caption', 0, bottomRow - 13, 'last answer');
  const laneNames = Array.from({ length: lanes.rows }, (_, lane) => text('chart-lane-name', 0, lanes.y(lane) + 4));
  svg.replaceChildren(
    plot,
    text('chart-caption', 0, attack.caption, 'Calls of the attacks'),
    text('chart-caption', 0, steady.caption, 'Steady calls, two a second'),
    text('chart-caption', 0, lanes.caption, 'Workers'),
    present,
    latest,
    latestName,
    ...laneNames,
  );

  const callMarks = createCallMarks(groups.calls, plan, x);
  const laneMarks = createLaneMarks(groups.lanes, plan, x);
  const flagMarks = createFlags(groups, plan, x);
  const layers: ChartLayer[] = [callMarks, laneMarks, flagMarks];

  let plotWidth = 0;
  let lastTick = 0;
  let pruned = 0;
  let drawn = performance.now();

  const drawTicks = (from: number, until: number): void => {
    lastTick = Math.max(lastTick, Math.floor((from - origin) / 1000 / tickSeconds));
    for (; origin + (lastTick + 1) * tickSeconds * 1000 <= until; lastTick++) {
      const seconds = (lastTick + 1) * tickSeconds;
      const at = seconds * plan.second;
      const words = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
      groups.ticks.append(
        shape('line', { class: 'chart-tick', x1: at, x2: at, y1: top, y2: axis }),
        text('chart-time', at, axis + 13, words),
      );
    }
  };
  const pruneTicks = (before: number): void => {
    for (const tick of [...groups.ticks.children]) {
      if (Number(tick.getAttribute('x1') ?? tick.getAttribute('x')) < x(before)) tick.remove();
    }
  };

  const draw = (now: number): void => {
    drawn = now;
    moving.setAttribute('transform', `translate(${(plotWidth - x(now)).toFixed(2)} 0)`);
    for (const layer of layers) layer.extend(now);
    const leftEdge = now - ((plotWidth + keptPixels) / plan.second) * 1000;
    drawTicks(leftEdge, now);
    if (now - pruned < 1000) return;
    pruned = now;
    for (const layer of layers) layer.prune(leftEdge);
    pruneTicks(leftEdge);
  };

  const resize = (): void => {
    const { width } = svg.getBoundingClientRect();
    if (width === 0) return;
    plotWidth = width - plan.gutter;
    svg.setAttribute('viewBox', `0 0 ${width} ${plan.height}`);
    plot.setAttribute('width', String(plotWidth));
    for (const line of ['x1', 'x2']) present.setAttribute(line, String(plotWidth));
    for (const words of [latest, latestName, ...laneNames]) words.setAttribute('x', String(plotWidth + 12));
    draw(drawn);
  };
  const observer = new ResizeObserver(resize);
  observer.observe(svg);
  resize();

  return {
    showCall: (call) => callMarks.show(call),
    showWorker: (worker) => laneMarks.show(worker),
    showRun: (run) => flagMarks.show(run),
    showLanes(names) {
      laneNames.forEach((name, lane) => (name.textContent = names[lane] ?? ''));
    },
    showLatest: (milliseconds) => (latest.textContent = formatDuration(milliseconds)),
    draw,
    end: () => observer.disconnect(),
  };
}
