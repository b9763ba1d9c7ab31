// @ts-check

/** Why a bench could not measure, in words for whoever ran it. */
export class BenchError extends Error {
  name = 'BenchError';
}
