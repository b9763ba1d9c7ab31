/**
 * What a request was answered with: the bytes of a file (`content`), the way to them (`redirect`), what git has in their
 * place (`raw`), JSON (`api`), a CORS preflight, or an error of the Hub (`refused`).
 */
export type Step = 'content' | 'redirect' | 'raw' | 'api' | 'preflight' | 'refused';

/** The end of a path, from the start of a segment; or a pattern. Both are looked for in the file's name and the URL's path. */
export type PathPattern = string | RegExp;

export interface LoggedRequest {
  origin: 'hub' | 'cdn';
  method: string;
  /** Path of the URL, decoded, without the query. */
  path: string;
  step: Step;
  /** `org/name/path/of/file` where the request was for a file that is there, also on the CDN, whose URLs do not tell. */
  file: string | undefined;
  headers: {
    range: string | undefined;
    ifRange: string | undefined;
    ifNoneMatch: string | undefined;
    authorization: boolean;
  };
  /** `undefined` until it is sent, and for good where the connection was closed instead. */
  status: number | undefined;
  /** The bytes of the file, from and up to, that this answer wrote so far; `undefined` where it has no such body. */
  sent: [start: number, end: number] | undefined;
  /** What those bytes are bytes of: equal only for the same content in the same coding. */
  body: string | undefined;
}

export interface RequestLog {
  entries: LoggedRequest[];
  /** How many bytes of files were written. */
  sent(path: PathPattern): number;
  /** How many bytes of files were written by more than one answer. A file with new content is another file. */
  sentTwice(path: PathPattern): number;
  /** How many GET answers had a body with bytes of a file, even if none of them was written. */
  count(path: PathPattern): number;
}

export function createRequestLog(): RequestLog {
  const entries: LoggedRequest[] = [];
  const bodies = (path: PathPattern) =>
    entries.flatMap((entry) => {
      const { sent, file, body } = entry;
      return sent && isAbout(entry, path) ? [{ sent, key: `${file} ${body}` }] : [];
    });
  return {
    entries,
    sent: (path) => bodies(path).reduce((sum, { sent: [start, end] }) => sum + end - start, 0),
    sentTwice(path) {
      const spans = new Map<string, [number, number][]>();
      for (const { sent, key } of bodies(path)) spans.set(key, [...(spans.get(key) ?? []), sent]);
      return [...spans.values()].reduce((sum, list) => sum + overlap(list), 0);
    },
    count: (path) => bodies(path).length,
  };
}

export function isAbout({ file, path }: Pick<LoggedRequest, 'file' | 'path'>, pattern: PathPattern): boolean {
  return [file, path].some((name) => {
    if (name === undefined) return false;
    return typeof pattern === 'string' ? `/${name}`.endsWith(`/${pattern}`) : name.search(pattern) >= 0;
  });
}

/** How many positions lie in two or more of the spans. */
function overlap(spans: [start: number, end: number][]): number {
  const edges = spans
    .flatMap(([start, end]) => [
      { at: start, step: 1 },
      { at: end, step: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  let covered = 0;
  let depth = 0;
  let previous = 0;
  for (const { at, step } of edges) {
    if (depth > 1) covered += at - previous;
    depth += step;
    previous = at;
  }
  return covered;
}
