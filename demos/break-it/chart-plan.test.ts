import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { narrowPlan, widePlan } from './chart-plan.ts';

it('is as high as the styles say', async () => {
  const styles = await readFile(new URL('./chart.css', import.meta.url), 'utf8');
  const heights = [...styles.matchAll(/^ *\.chart \{[^}]*?\bheight: (\d+)px/gm)].map(([, height]) => Number(height));
  expect(heights).toEqual([widePlan.height, narrowPlan.height]);
});

it.each([
  ['wide', widePlan],
  ['narrow', narrowPlan],
])('has its bands one below the other, rows within them: %s', (_, { flags, attack, steady, lanes, axis, height }) => {
  const edges = [flags, attack, steady, lanes].flatMap((band) => [band.top, band.y(0), band.y(band.rows - 1)]);
  expect([...edges, axis, height]).toEqual([...edges, axis, height].sort((a, b) => a - b));
  expect(attack.caption).toBeGreaterThan(flags.y(flags.rows - 1));
});

it('draws in its last row what would be below', () => {
  expect(widePlan.lanes.y(9)).toBe(widePlan.lanes.y(widePlan.lanes.rows - 1));
});
