const statement = /console\.log\((.*?)\);((?:\s*\/\/.*)+)/g;

/**
 * A snippet of the documentation as a module that a page of the tests can run: with the built library, and one tiny model in place of
 * that of the Hub. It pushes what it prints, and what the comment behind it says that it prints, to a global `printed`.
 *
 * @returns The module, and the statements that print.
 */
export function readSnippet(snippet: string, model: string): { code: string; statements: string[] } {
  const statements: string[] = [];
  const code = snippet
    .replace("from 'insitu'", "from '/dist/index.js'")
    .replace(/(pipeline\('[\w-]+', )'[^']+'\)/, `$1'${model}', { dtype: 'fp32' })`)
    .replaceAll(statement, (source: string, values: string, comment: string) => {
      const index = statements.push(source) - 1;
      return `printed.push({ index: ${index}, values: [${values}], documented: [${toLiteral(comment)}] });`;
    })
    // The one piece of types that a snippet may have.
    .replaceAll(')!.', ').');
  return { code: `${code}\nfinished = true;\n`, statements };
}

/** What a comment shows, as code; `…` stands for more of the same. */
const toLiteral = (comment: string): string => comment.replaceAll(/^\s*\/\//gm, '').replaceAll(/, …|…/g, '');

/** Whether values have the shapes of others, one by one. */
export function areLike(values: readonly unknown[], documented: readonly unknown[]): boolean {
  return values.length === documented.length && values.every((value, index) => isLike(value, documented[index]));
}

/** Values of the same type, objects with the same keys, lists that are not empty and have items like any of the other's. */
function isLike(value: unknown, shape: unknown): boolean {
  if (Array.isArray(shape)) {
    return Array.isArray(value) && value.length > 0 && value.every((item) => shape.some((one) => isLike(item, one)));
  }
  if (typeof shape !== 'object' || shape === null) return typeof value === typeof shape;
  if (typeof value !== 'object' || value === null) return false;
  const [own, keys] = [Object.keys(value), Object.keys(shape)];
  return (
    own.length === keys.length &&
    keys.every((key) => isLike((value as Record<string, unknown>)[key], (shape as Record<string, unknown>)[key]))
  );
}
