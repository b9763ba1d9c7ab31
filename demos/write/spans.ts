/** A part of a text. */
export interface Span {
  /** Index of its first character. */
  start: number;
  /** Index after its last character. */
  end: number;
}

/**
 * Where spans of a text are after an edit. What was typed into a span does not belong to it, so that it can fall into two; what was
 * deleted is gone from it.
 */
export function moveSpans(spans: readonly Span[], before: string, after: string): Span[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;

  const shift = after.length - before.length;
  return spans
    .flatMap(({ start, end }) => [
      { start, end: Math.min(end, head) },
      { start: Math.max(start, before.length - tail) + shift, end: end + shift },
    ])
    .filter(({ start, end }) => start < end);
}
