// @ts-check

/**
 * The snippets of a page as one module: the second goes on where the first ends.
 *
 * @param {string} page
 */
export function snippetOf(page) {
  return [...page.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code).join('\n');
}
