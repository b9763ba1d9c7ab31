/** A run was stopped from outside. The page knows for whose sake. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** The runtime is a bundle of its own, so its classes are other ones. */
export const isInterrupted = (error: unknown): boolean => error instanceof Error && error.name === 'InterruptedError';
