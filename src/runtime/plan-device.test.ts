import { describe, expect, it } from 'vitest';
import { planDevice } from './plan-device.ts';

const isolated = { simd: true, relaxedSimd: false, threads: true, crossOriginIsolated: true, cores: 8 };

describe('the threads of planDevice', () => {
  it.each([
    { asked: 'auto', cores: 1, threads: 1 },
    { asked: 'auto', cores: 2, threads: 1 },
    { asked: 'auto', cores: 3, threads: 1 },
    { asked: 'auto', cores: 4, threads: 2 },
    { asked: 'auto', cores: 8, threads: 4 },
    { asked: 'auto', cores: 64, threads: 4 },
    { asked: 1, cores: 8, threads: 1 },
    { asked: 3, cores: 8, threads: 3 },
    { asked: 8, cores: 8, threads: 8 },
    { asked: 99, cores: 8, threads: 8 },
    { asked: 2, cores: 1, threads: 1 },
  ] as const)('asked for $asked with $cores cores: $threads', ({ asked, cores, threads }) => {
    const plan = planDevice({ ...isolated, cores }, asked);
    expect(plan.threads).toBe(threads);
    expect(plan.reasons.at(-1)).toContain(String(cores));
  });

  it.each(['auto', 1, 4] as const)('asked for %s without isolation: one, and the page is told why', (asked) => {
    const plan = planDevice({ ...isolated, crossOriginIsolated: false }, asked);
    expect(plan).toMatchObject({ device: 'wasm', threads: 1 });
    expect(plan.reasons.at(-1)).toMatch(/COOP.*COEP/);
  });

  it.each(['auto', 4] as const)('asked for %s in the frame of an isolated model: one, and why', (asked) => {
    const plan = planDevice({ ...isolated, crossOriginIsolated: false, inFrame: true }, asked);
    expect(plan.threads).toBe(1);
    expect(plan.reasons.join(' ')).toMatch(/Isolated: .*sandboxed frame.*One thread/);
    expect(plan.reasons.join(' ')).not.toContain('COOP');
  });

  it.each(['auto', 4] as const)('asked for %s without WebAssembly threads: one', (asked) => {
    const plan = planDevice({ ...isolated, threads: false }, asked);
    expect(plan.threads).toBe(1);
    expect(plan.reasons.at(-1)).toContain('no WebAssembly threads');
  });
});

describe('the SIMD of planDevice', () => {
  it.each([
    { simd: false, relaxedSimd: false, expected: 'none', says: /cannot start/ },
    { simd: true, relaxedSimd: false, expected: 'fixed', says: /fixed-width SIMD/ },
    { simd: true, relaxedSimd: true, expected: 'relaxed', says: /relaxed SIMD/ },
  ])('$expected', ({ simd, relaxedSimd, expected, says }) => {
    const plan = planDevice({ ...isolated, simd, relaxedSimd }, 'auto');
    expect(plan.simd).toBe(expected);
    expect(plan.reasons[0]).toMatch(says);
  });
});

it('planDevice gives one sentence for each decision, and a fresh plan each time', () => {
  const plan = planDevice(isolated, 'auto');
  expect(plan.reasons).toHaveLength(2);
  for (const reason of plan.reasons) expect(reason).toMatch(/^[A-Z0-9].*\.$/);
  plan.reasons.push('changed by the application');
  expect(planDevice(isolated, 'auto').reasons).toHaveLength(2);
});
