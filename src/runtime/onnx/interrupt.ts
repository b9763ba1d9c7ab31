import type { Interrupt } from '../../protocol/worker-api.ts';

/** What of ONNX Runtime's module is needed: both functions are called for every run. */
export interface RunOptionsApi {
  /** @returns Address of the options; 0 on failure. */
  _OrtCreateRunOptions(severity: number, verbosity: number, terminate: boolean, tag: number): number;
  _OrtReleaseRunOptions(address: number): void;
}

const fatal = 4;
/** Bytes in which the flag is looked for; it stands behind two numbers and a string. */
const searchedBytes = 64;
const samples = 4;

let flag: Interrupt | undefined;

/** How another thread stops a run; `undefined` where memory cannot be shared. */
export const interruptOfRuns = (): Interrupt | undefined => flag;

/** Whoever wanted to stop a run has done so, or came too late. */
export function forgetInterrupt(): void {
  if (flag) new Uint8Array(flag.memory.buffer)[flag.address] = 0;
}

/**
 * Makes runs stoppable from outside: ONNX Runtime reads `terminate` of a run's options before each operator, and its memory can be shared
 * with the page. All runs get the same options, which are never freed: an address that the page writes to must not become something
 * else's.
 */
export function prepareInterrupt(module: RunOptionsApi, memory: WebAssembly.Memory): void {
  if (!globalThis.crossOriginIsolated || !(memory.buffer instanceof SharedArrayBuffer)) return;
  const create = (terminate: boolean) => module._OrtCreateRunOptions(fatal, 0, terminate, 0);
  const clear = Array.from({ length: samples }, () => create(false));
  const set = Array.from({ length: samples }, () => create(true));
  const offset = clear.includes(0) || set.includes(0) ? undefined : flagOffset(memory, clear, set);
  const [shared, ...others] = [...clear, ...set];
  for (const address of others) module._OrtReleaseRunOptions(address);
  if (offset === undefined) return module._OrtReleaseRunOptions(shared!);
  module._OrtCreateRunOptions = () => shared!;
  module._OrtReleaseRunOptions = () => {};
  flag = { memory, address: shared! + offset };
}

/** Where a byte is 0 in all that are clear and 1 in all that are set. */
function flagOffset(memory: WebAssembly.Memory, clear: readonly number[], set: readonly number[]): number | undefined {
  const bytes = new Uint8Array(memory.buffer);
  const offsets = Array.from({ length: searchedBytes }, (_, offset) => offset).filter(
    (offset) => clear.every((at) => bytes[at + offset] === 0) && set.every((at) => bytes[at + offset] === 1),
  );
  return offsets.length === 1 ? offsets[0] : undefined;
}
