import { InterruptedError } from './onnx/interrupted-error.ts';
import { InsituError, isInsituError } from '../errors/insitu-error.ts';

type Phase = 'load' | 'run';

const outOfMemory =
  /out of memory|bad_alloc|failed to allocate|could not allocate|allocation failed|Memory\.grow|Tensor shape is too large|Invalid (typed )?array (buffer )?length|\bOOM\b/i;
const notStarted = /no available backend found|initializeWebAssembly/i;
const interrupted = /terminate flag/i;
const noTemplate = /chat_template is not set/;
const unsupported =
  /Could not find an implementation|not implemented|is not a registered function|Unsupported model|unsupported model IR version|opset/i;

/**
 * Gives a failure of the runtime or of transformers.js its code. Both throw plain errors whose text is all there is, and
 * C++ exceptions arrive as bare numbers.
 *
 * @param heap Bytes of the runtime's memory.
 */
export function toRuntimeError(thrown: unknown, phase: Phase, heap = 0): unknown {
  if (isInsituError(thrown)) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const size = heap > 0 ? `; the runtime's memory has ${Math.round(heap / 1e6)} of at most 4295 MB` : '';
  if (interrupted.test(text)) return new InterruptedError(text);
  const what = phase === 'load' ? 'The model could not be loaded' : 'The model could not be run';
  if (outOfMemory.test(text)) {
    return new InsituError('OUT_OF_MEMORY', `${what}: there is not enough memory (${text})${size}.`, {
      hint: 'Dispose of pipelines that are not needed, use a smaller dtype, or run fewer or shorter inputs at a time.',
      cause: thrown,
    });
  }
  if (typeof thrown === 'number') {
    return new InsituError('OUT_OF_MEMORY', `${what}: the runtime gave up with the exception ${thrown}${size}.`, {
      hint: 'ONNX Runtime says no more; in nearly all reports of it the memory was exhausted. Try a smaller dtype or shorter inputs.',
      cause: thrown,
    });
  }
  if (noTemplate.test(text)) {
    return new InsituError('MODEL_UNSUPPORTED', `${what}: it has no template for conversations (${text}).`, {
      hint: 'Pass a text instead of messages, or a template as `chatTemplate`.',
      cause: thrown,
    });
  }
  if (unsupported.test(text)) {
    return new InsituError('MODEL_UNSUPPORTED', `${what}: ${text}`, {
      hint: 'Export the model with operators and an opset that ONNX Runtime Web has, for an architecture that transformers.js knows.',
      cause: thrown,
    });
  }
  if (notStarted.test(text)) {
    return new InsituError('WORKER_START_FAILED', `ONNX Runtime could not be started: ${text}`, {
      hint: 'Load again; if it stays, serve all files of one version of `dist` together.',
      retryable: true,
      cause: thrown,
    });
  }
  if (phase === 'load') {
    return new InsituError('MODEL_INVALID', `${what}: ${text}`, {
      hint: 'A file is damaged or is not what its name says. What was stored of it is dropped, so loading again fetches it anew.',
      cause: thrown,
    });
  }
  return new InsituError('INTERNAL', `${what}: ${text}`, {
    hint: 'The input may not fit the model. If it does, please report this with the cause.',
    cause: thrown,
  });
}
