/** Keeps a result that is read piece by piece from running away from its reader. */
export interface ChunkFlow {
  sent(): void;
  taken(): void;
  /** Resolves when few enough are on their way; rejects with the signal's reason. */
  keptUp(): Promise<void>;
}

/** Pieces that may be on their way: enough to hide the way to the page and back, few enough to stop soon after the reader does. */
const mostOnTheWay = 8;

export function createChunkFlow(signal: AbortSignal): ChunkFlow {
  let onTheWay = 0;
  const waiting = new Set<() => void>();

  return {
    sent: () => void onTheWay++,
    taken() {
      onTheWay--;
      for (const wake of waiting) wake();
    },
    async keptUp() {
      while (onTheWay >= mostOnTheWay && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake);
            signal.removeEventListener('abort', wake);
            resolve();
          };
          waiting.add(wake);
          signal.addEventListener('abort', wake);
        });
      }
      signal.throwIfAborted();
    },
  };
}
