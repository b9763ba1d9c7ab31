import { formatDuration } from '../shared/format.ts';
import { shape } from '../shared/parts.ts';
import type { AttackRun } from './attack-runs.ts';
import { createCallRows } from './call-rows.ts';
import type { ChartLayer } from './chart-layer.ts';
import type { ChartPlan } from './chart-plan.ts';

export interface Flags extends ChartLayer {
  /** Draws an attack as far as it has come. */
  show(run: AttackRun): void;
}

interface Flag {
  run: AttackRun;
  group: SVGGElement;
  cloth: SVGRectElement;
  name: SVGTextElement;
  again: SVGTSpanElement;
  /** From the attack to the next answer. */
  span: SVGRectElement;
}

/** A flag flies to the left of its pole, and needs room there. */
const clothRoomMs = 8000;
const padding = 7;

/** A flag at each attack, and a band from there to the moment at which a call was answered again. */
export function createFlags(
  { flags: place, spans }: Record<'flags' | 'spans', SVGGElement>,
  plan: ChartPlan,
  x: (time: number) => number,
): Flags {
  const flags = new Map<AttackRun, Flag>();
  const rows = createCallRows(plan.flags.rows, clothRoomMs);
  const middle = plan.flags.y(0);
  const spanTop = 2 * middle * plan.flags.rows;
  const bottom = plan.axis;

  const raise = (run: AttackRun, struckAt: number): Flag => {
    const at = x(struckAt);
    const row = rows.take(struckAt);
    rows.release(row, struckAt);
    const top = plan.flags.y(row) - middle;
    const group = shape('g', { class: 'flag' });
    const cloth = shape('rect', { class: 'flag-cloth', y: top, height: 2 * middle - 3 });
    const name = shape('text', { class: 'flag-name', x: at - padding, y: top + middle + 2.5 });
    const again = shape('tspan', { class: 'flag-again' });
    name.append(run.attack.flag, again);
    group.append(cloth, name, shape('line', { class: 'flag-pole', x1: at, x2: at, y1: top, y2: bottom }));
    const span = shape('rect', {
      class: 'flag-span',
      x: at,
      y: spanTop,
      height: bottom - spanTop,
    });
    place.append(group);
    spans.append(span);
    const flag = { run, group, cloth, name, again, span };
    flags.set(run, flag);
    fit(flag, at);
    return flag;
  };

  const fit = ({ cloth, name }: Flag, at: number): void => {
    const width = name.getComputedTextLength() + 2 * padding;
    cloth.setAttribute('x', String(at - width));
    cloth.setAttribute('width', String(width));
  };

  const stretch = ({ run, span }: Flag, to: number): void => {
    span.setAttribute('width', String(Math.max(0, x(to) - x(run.struckAt!))));
  };

  return {
    show(run) {
      if (run.struckAt === undefined) return;
      const flag = flags.get(run) ?? raise(run, run.struckAt);
      if (run.againAt === undefined || flag.again.textContent !== '') return;
      flag.again.textContent = ` · again after ${formatDuration(run.againAt - run.struckAt)}`;
      fit(flag, x(run.struckAt));
      stretch(flag, run.againAt);
      const at = x(run.againAt);
      flag.group.append(shape('line', { class: 'flag-recovery', x1: at, x2: at, y1: spanTop, y2: bottom }));
    },
    extend(now) {
      for (const flag of flags.values()) if (flag.run.againAt === undefined) stretch(flag, now);
    },
    prune(before) {
      for (const [run, { group, span }] of flags) {
        if (!run.over || (run.againAt ?? run.struckAt ?? 0) > before) continue;
        group.remove();
        span.remove();
        flags.delete(run);
      }
    },
  };
}
