import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as interrupts from './interrupt.ts';

let module: Pick<typeof interrupts, 'prepareInterrupt' | 'interruptOfRuns' | 'forgetInterrupt'>;
beforeEach(async () => {
  vi.resetModules();
  module = await import('./interrupt.ts');
  vi.stubGlobal('crossOriginIsolated', true);
});
afterEach(() => vi.unstubAllGlobals());

const sharedMemory = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const flagOffset = 20;

/** A runtime whose options have a flag at an offset, behind bytes that differ from one to the next. */
function createRuntime(memory: WebAssembly.Memory, flags: readonly number[] = [flagOffset]) {
  let next = 64;
  const released: number[] = [];
  return {
    released,
    _OrtCreateRunOptions(severity: number, _verbosity: number, terminate: boolean, _tag: number) {
      const address = next;
      next += 128;
      const bytes = new Uint8Array(memory.buffer);
      bytes[address] = severity;
      bytes[address + 12] = address / 64;
      for (const offset of flags) bytes[address + offset] = Number(terminate);
      return address;
    },
    _OrtReleaseRunOptions: (address: number) => void released.push(address),
  };
}

describe('prepareInterrupt', () => {
  it('finds the flag, and gives every run the options that have it', () => {
    const memory = sharedMemory();
    const runtime = createRuntime(memory);
    module.prepareInterrupt(runtime, memory);
    const address = runtime._OrtCreateRunOptions(2, 0, false, 0);
    expect(module.interruptOfRuns()).toEqual({ memory, address: address + flagOffset });
    expect(runtime._OrtCreateRunOptions(2, 0, false, 0)).toBe(address);
    expect(runtime.released).toHaveLength(7);
    expect(runtime.released).not.toContain(address);
  });

  it('never frees them: the page may write there at any time', () => {
    const memory = sharedMemory();
    const runtime = createRuntime(memory);
    module.prepareInterrupt(runtime, memory);
    const before = runtime.released.length;
    runtime._OrtReleaseRunOptions(runtime._OrtCreateRunOptions(2, 0, false, 0));
    expect(runtime.released).toHaveLength(before);
  });

  it.each([
    ['is no flag', []],
    ['are two candidates', [flagOffset, flagOffset + 4]],
  ])('leaves the runtime as it is where there %s', (_, flags) => {
    const memory = sharedMemory();
    const runtime = createRuntime(memory, flags);
    module.prepareInterrupt(runtime, memory);
    expect(module.interruptOfRuns()).toBeUndefined();
    expect(runtime.released).toHaveLength(8);
    expect(runtime._OrtCreateRunOptions(2, 0, false, 0)).not.toBe(runtime._OrtCreateRunOptions(2, 0, false, 0));
  });

  it.each([
    ['memory is not shared', true, () => new WebAssembly.Memory({ initial: 1 })],
    ['the page is not isolated', false, sharedMemory],
  ])('does nothing where %s', (_, isolated, createMemory) => {
    vi.stubGlobal('crossOriginIsolated', isolated);
    const memory = createMemory();
    const runtime = createRuntime(memory);
    module.prepareInterrupt(runtime, memory);
    expect(module.interruptOfRuns()).toBeUndefined();
    expect(runtime.released).toEqual([]);
  });
});

describe('forgetInterrupt', () => {
  it('clears the flag', () => {
    const memory = sharedMemory();
    module.prepareInterrupt(createRuntime(memory), memory);
    const { address } = module.interruptOfRuns()!;
    new Uint8Array(memory.buffer)[address] = 1;
    module.forgetInterrupt();
    expect(new Uint8Array(memory.buffer)[address]).toBe(0);
  });

  it('does nothing where there is none', () => {
    expect(() => module.forgetInterrupt()).not.toThrow();
  });
});
