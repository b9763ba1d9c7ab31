import type { DevicePlan } from 'insitu';
import { element } from './parts.ts';

const simdNames: Record<DevicePlan['simd'], string> = { none: 'no SIMD', fixed: 'SIMD', relaxed: 'relaxed SIMD' };

/** A plan in half a line: `WASM, 2 threads`. */
export function summarisePlan({ device, threads }: DevicePlan): string {
  return `${device.toUpperCase()}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

/** The instruction set of a plan, as people call it. */
export function nameSimd(simd: DevicePlan['simd']): string {
  return simdNames[simd];
}

/** Lists why a plan is what it is. */
export function listReasons(list: HTMLUListElement, { reasons }: DevicePlan): void {
  list.replaceChildren(...reasons.map((reason) => element('li', '', reason)));
}
