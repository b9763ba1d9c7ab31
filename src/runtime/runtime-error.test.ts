import { describe, expect, it } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import { toRuntimeError } from './runtime-error.ts';

describe('toRuntimeError', () => {
  it.each([
    ['load', new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded'), 'OUT_OF_MEMORY'],
    ['load', new RangeError('Array buffer allocation failed'), 'OUT_OF_MEMORY'],
    ['load', new Error('failed to allocate a buffer of size 1073741824'), 'OUT_OF_MEMORY'],
    ['run', new Error('std::bad_alloc'), 'OUT_OF_MEMORY'],
    ['run', new Error('[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Tensor shape is too large'), 'OUT_OF_MEMORY'],
    ['run', new Error('Aborted(OOM). Build with -sASSERTIONS for more info.'), 'OUT_OF_MEMORY'],
    [
      'load',
      new WebAssembly.CompileError('WebAssembly.instantiate(): Out of memory: cannot allocate'),
      'OUT_OF_MEMORY',
    ],
    [
      'load',
      new Error('no available backend found. ERR: [wasm] RangeError: WebAssembly.Memory(): could not allocate memory'),
      'OUT_OF_MEMORY',
    ],
    ['load', 288_410_864, 'OUT_OF_MEMORY'],
    ['run', 288_410_864, 'OUT_OF_MEMORY'],
    ['load', new Error('Could not find an implementation for Einsum(12) node'), 'MODEL_UNSUPPORTED'],
    ['load', new Error('com.microsoft:MatMulNBits(-1) is not a registered function/op'), 'MODEL_UNSUPPORTED'],
    ['load', new Error('Unsupported model type: mamba'), 'MODEL_UNSUPPORTED'],
    ['load', new Error('Unsupported model IR version: 11, max supported IR version: 10'), 'MODEL_UNSUPPORTED'],
    ['run', new Error('This operator is not implemented yet.'), 'MODEL_UNSUPPORTED'],
    ['run', new Error('tokenizer.chat_template is not set and no template was passed'), 'MODEL_UNSUPPORTED'],
    [
      'load',
      new Error("Can't create a session. ERROR_CODE: 7, ERROR_MESSAGE: protobuf parsing failed"),
      'MODEL_INVALID',
    ],
    ['load', new Error("previous call to 'initializeWebAssembly()' failed."), 'WORKER_START_FAILED'],
    ['run', new RangeError('Maximum call stack size exceeded'), 'INTERNAL'],
    ['load', new SyntaxError('Unexpected end of JSON input'), 'MODEL_INVALID'],
    ['load', 'a text', 'MODEL_INVALID'],
    ['run', new Error('Missing the following inputs: token_type_ids.'), 'INTERNAL'],
    ['run', new TypeError("Cannot read properties of undefined (reading 'dims')"), 'INTERNAL'],
    ['run', undefined, 'INTERNAL'],
  ] as const)('%s: %s is %s', (phase, thrown, code) => {
    const error = toRuntimeError(thrown, phase);
    expect(error).toBeInstanceOf(InsituError);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/\w{3}/) });
    expect((error as InsituError).cause).toBe(thrown);
    expect((error as InsituError).message).toMatch(/could not be (loaded|run|started)/);
    expect((error as InsituError).message).toContain(String(thrown instanceof Error ? thrown.message : thrown));
  });

  it('passes on what has its code already, whatever the text', () => {
    const error = new InsituError('NETWORK', 'out of memory', { hint: 'Try again.' });
    expect(toRuntimeError(error, 'load')).toBe(error);
  });

  it.each(['Unsupported model type: bloom', 'Unsupported model type: zoomnet'])(
    'does not read OOM out of a word: %s',
    (message) => {
      expect(toRuntimeError(new Error(message), 'load')).toMatchObject({ code: 'MODEL_UNSUPPORTED' });
    },
  );

  it('never says a number and nothing else', () => {
    expect((toRuntimeError(7, 'run') as InsituError).message).toMatch(/[a-z]{3}.* 7\b/);
  });
});
