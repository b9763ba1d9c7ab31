import { InsituError } from './insitu-error.ts';

/** What is used was ended by its user. */
export function disposed(what = 'This pipeline was disposed of.'): InsituError {
  return new InsituError('DISPOSED', what, {
    hint: 'Load the model again with `pipeline()`, in a client that is open.',
  });
}
