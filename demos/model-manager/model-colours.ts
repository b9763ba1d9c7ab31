/** Colours of `storage.css`, `--model-0` and so on. The order keeps neighbours apart for every kind of colour vision. */
const colours = 5;

/** Gives each model a colour that it keeps while the page is open. Those named first have theirs from the start. */
export function createModelColours(known: readonly string[]): (url: string) => string {
  const slots = new Map(known.map((url, at) => [url, at]));
  return (url) => {
    let slot = slots.get(url);
    if (slot === undefined) slots.set(url, (slot = slots.size));
    return `var(--model-${slot % colours})`;
  };
}
