export interface FrameBuffer {
  push(piece: string): void;
  /** Shows what has not been shown yet. */
  flush(): void;
}

/** Collects pieces of text and shows them once a frame: small models write faster than a screen draws. */
export function createFrameBuffer(show: (text: string) => void): FrameBuffer {
  let waiting = '';
  let frame: number | undefined;

  const flush = (): void => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    frame = undefined;
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    show(text);
  };

  return {
    flush,
    push(piece) {
      waiting += piece;
      frame ??= requestAnimationFrame(flush);
    },
  };
}
