import { InsituError } from '../../errors/insitu-error.ts';

/** @param model Its reference or address. */
export function notStored(model: string): InsituError {
  return new InsituError('MODEL_NOT_FOUND', `${model} is not in the browser's storage.`, {
    hint: 'See `weights.list()` for what is; `weights.prefetch()` fetches a model.',
  });
}
