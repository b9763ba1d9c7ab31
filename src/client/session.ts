const key = 'insitu-session';

let ofThisPage: string | undefined;

/** Name of the tab's session: it outlives reloads and ends with the tab. Where the browser keeps none, it is the page's. */
export function sessionName(): string {
  ofThisPage ??= crypto.getRandomValues(new Uint32Array(2)).join('-');
  try {
    const known = sessionStorage.getItem(key);
    if (known) return known;
    sessionStorage.setItem(key, ofThisPage);
  } catch {
    // Refused, as in sandboxed frames.
  }
  return ofThisPage;
}
