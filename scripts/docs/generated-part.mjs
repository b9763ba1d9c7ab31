// @ts-check

/**
 * Replaces what stands between two marks of a page.
 *
 * @param {string} page
 * @param {{ begin: string; end: string }} marks
 * @param {string} content
 * @throws Error where the page has no such marks.
 */
export function withGenerated(page, { begin, end }, content) {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`A page has no ${begin} … ${end}.`);
  return `${before}${begin}\n\n${content}\n\n${end}${after}`;
}
