import { formatDuration } from '../shared/format.ts';
import { shape } from '../shared/parts.ts';
import { createCallRows } from './call-rows.ts';
import type { Call } from './calls.ts';
import type { ChartLayer } from './chart-layer.ts';
import type { ChartPlan } from './chart-plan.ts';

export interface CallMarks extends ChartLayer {
  /** Draws a call as it is now. */
  show(call: Call): void;
}

interface CallMark {
  call: Call;
  group: SVGGElement;
  line: SVGLineElement;
  row: number;
  y: number;
}

/** The code stands left of the call's beginning, and needs room there. */
const codeRoomMs = 4500;
const size = 3.6;

const ends: Record<Call['outcome'], (x: number, y: number) => SVGElement | undefined> = {
  pending: () => undefined,
  answered: (x, y) => shape('circle', { cx: x, cy: y, r: 3 }),
  aborted: (x, y) => shape('circle', { cx: x, cy: y, r: size, class: 'call-ring' }),
  rejected: (x, y) => cross(x, y),
  untyped: (x, y) => cross(x, y),
};

/** A cross at a point. */
export function cross(x: number, y: number): SVGPathElement {
  const side = 2 * size;
  return shape('path', {
    class: 'chart-cross',
    d: `M${x - size} ${y - size}l${side} ${side}m0 ${-side}l${-side} ${side}`,
  });
}

function describe({ what, outcome, calledAt, settledAt, failure, abort }: Call): string {
  const took = settledAt === undefined ? '' : ` after ${formatDuration(settledAt - calledAt)}`;
  const how = failure ? `: ${failure.code}` : abort ? ` (${abort})` : '';
  return `${what}: ${outcome}${took}${how}`;
}

/** One line for each call, from when it was made to when it settled, with a mark at its end. */
export function createCallMarks(place: SVGGElement, plan: ChartPlan, x: (time: number) => number): CallMarks {
  const marks = new Map<Call, CallMark>();
  const rows = {
    steady: createCallRows(plan.steady.rows),
    attack: createCallRows(plan.attack.rows, codeRoomMs),
  };

  const start = (call: Call): CallMark => {
    const row = rows[call.kind].take(call.calledAt);
    const { rows: count, y: middle } = plan[call.kind];
    // Steady calls stand at the bottom: those that wait pile up.
    const y = middle(call.kind === 'steady' ? count - 1 - row : row);
    const at = x(call.calledAt);
    const line = shape('line', { x1: at, x2: at, y1: y, y2: y });
    const group = shape('g', { class: 'call', 'data-kind': call.kind, 'data-outcome': 'pending' });
    group.append(shape('title'), line);
    place.append(group);
    const mark = { call, group, line, row, y };
    marks.set(call, mark);
    return mark;
  };

  const settle = ({ call, group, line, row, y }: CallMark, settledAt: number): void => {
    const from = x(call.calledAt);
    const to = Math.max(x(settledAt), from);
    line.setAttribute('x2', String(to));
    group.dataset.outcome = call.outcome;
    const end = ends[call.outcome](to, y);
    if (end) group.append(end);
    rows[call.kind].release(row, settledAt);
    const words = call.failure?.code ?? (call.outcome === 'aborted' ? 'aborted' : '');
    if (call.kind !== 'attack' || words === '') return;
    const label = shape('text', { class: 'call-code', x: from - 7, y: y + 3.5 });
    label.textContent = words;
    group.append(label);
  };

  return {
    show(call) {
      const mark = marks.get(call) ?? start(call);
      if (call.settledAt !== undefined && mark.group.dataset.outcome === 'pending') settle(mark, call.settledAt);
      mark.group.firstElementChild!.textContent = describe(call);
    },
    extend(now) {
      for (const { call, line } of marks.values()) {
        if (call.outcome === 'pending') line.setAttribute('x2', String(x(now)));
      }
    },
    prune(before) {
      for (const [call, { group }] of marks) {
        if (call.settledAt === undefined || call.settledAt > before) continue;
        group.remove();
        marks.delete(call);
      }
    },
  };
}
