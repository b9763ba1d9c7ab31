import type { DevicePlan } from '../protocol/device-plan.ts';

/** Beyond this, the threads of ONNX Runtime wait for each other longer than they compute on models of a page's size. */
const mostThreads = 4;

interface WasmFacts {
  simd: boolean;
  relaxedSimd: boolean;
  threads: boolean;
  crossOriginIsolated: boolean;
  cores: number;
  /** In the sandboxed frame of an isolated model. */
  inFrame?: boolean;
}

/**
 * Chooses how a model will run.
 *
 * @param facts What the browser has.
 * @param asked Threads that the application asked for; `auto` takes half of the cores, at most four: the runtime's threads
 * spin while they wait, so that taking every core slows down the page and themselves.
 */
export function planDevice(facts: WasmFacts, asked: number | 'auto'): DevicePlan {
  const simd = facts.relaxedSimd ? 'relaxed' : facts.simd ? 'fixed' : 'none';
  const reasons = [
    simd === 'none'
      ? 'WebAssembly without SIMD: the runtime cannot start here.'
      : `WebAssembly with ${simd === 'relaxed' ? 'relaxed' : 'fixed-width'} SIMD.`,
  ];
  const plan = (threads: number, reason: string): DevicePlan => ({
    device: 'wasm',
    threads,
    simd,
    reasons: [...reasons, reason],
  });

  if (facts.inFrame) {
    reasons.push('Isolated: the model is in a sandboxed frame, without network and storage.');
    return plan(1, 'One thread: such a frame has no shared memory.');
  }
  if (!facts.crossOriginIsolated) {
    return plan(1, 'One thread: the page is not cross-origin isolated (it needs the COOP and COEP headers).');
  }
  if (!facts.threads) return plan(1, 'One thread: this browser has no WebAssembly threads.');
  if (asked !== 'auto') {
    const threads = Math.max(1, Math.min(asked, facts.cores));
    return plan(threads, `${threads} of ${facts.cores} logical cores, as asked (threads: ${asked}).`);
  }
  const threads = Math.max(1, Math.min(mostThreads, Math.floor(facts.cores / 2)));
  if (threads === 1) return plan(1, `One thread: with ${facts.cores} logical cores, the other is left to the page.`);
  return plan(threads, `${threads} threads on ${facts.cores} logical cores: half of them, at most ${mostThreads}.`);
}
