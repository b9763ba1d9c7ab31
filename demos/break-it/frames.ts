export interface Frames {
  /** Something has happened: draws it, and goes on as long as things move. */
  wake(): void;
}

/** Steps of a picture that does not glide, in milliseconds. */
const stepMs = 1000;

/**
 * Draws while something moves: in every frame, or, for those who asked their system for less motion, when something has happened and
 * once a second.
 */
export function createFrames(draw: (now: number) => void, isMoving: () => boolean): Frames {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let frame = 0;
  let step: ReturnType<typeof setTimeout> | undefined;

  const drawOnce = (): void => {
    frame = 0;
    draw(performance.now());
    if (!isMoving()) return;
    if (still.matches) step ??= setTimeout(stepOn, stepMs);
    else wake();
  };
  const stepOn = (): void => {
    step = undefined;
    wake();
  };
  const wake = (): void => {
    frame ||= requestAnimationFrame(drawOnce);
  };
  return { wake };
}
