import type { Embeddings } from 'insitu';

/** Small enough that a stop or a new text waits for little, large enough that calls cost nothing. */
const chunkLength = 16;
const options = { pooling: 'mean', normalize: true } as const;

/** Texts to vectors: a `feature-extraction` pipeline. */
export type Embed = (texts: readonly string[], run: typeof options & { signal: AbortSignal }) => Promise<Embeddings>;

export interface SearchResult {
  /** The query's own vector. */
  vector: Float32Array;
  /** Cosine similarity of each passage to the query, in the order of the passages. */
  scores: Float32Array;
}

export interface TextIndex<Piece extends { text: string }> {
  /** Passages that can be found. */
  readonly passages: readonly Piece[];
  /** Their vectors of length 1, row-major. */
  readonly vectors: Float32Array;
  readonly size: number;
  /**
   * Takes in new passages, some at a time: what was read can be found, also when the signal stops the rest. Vectors of sentences
   * it has seen before are kept.
   */
  read(passages: readonly Piece[], onProgress: (done: number) => void, signal: AbortSignal): Promise<void>;
  search(query: string, signal: AbortSignal): Promise<SearchResult>;
}

export function createTextIndex<Piece extends { text: string }>(embed: Embed): TextIndex<Piece> {
  let known = new Map<string, Float32Array>();
  let passages: Piece[] = [];
  let vectors = new Float32Array();
  let size = 0;

  const settle = (wanted: readonly Piece[]): void => {
    passages = wanted.filter(({ text }) => known.has(text));
    known = new Map(passages.map(({ text }) => [text, known.get(text)!]));
    vectors = new Float32Array(passages.length * size);
    passages.forEach(({ text }, row) => vectors.set(known.get(text)!, row * size));
  };

  return {
    get passages() {
      return passages;
    },
    get vectors() {
      return vectors;
    },
    get size() {
      return size;
    },

    async read(wanted, onProgress, signal) {
      const unread = [...new Set(wanted.map(({ text }) => text))].filter((text) => !known.has(text));
      settle(wanted);
      for (let from = 0; from < unread.length; from += chunkLength) {
        onProgress(passages.length);
        const chunk = unread.slice(from, from + chunkLength);
        const { data, dims } = await embed(chunk, { ...options, signal });
        signal.throwIfAborted();
        size = dims[1] ?? 0;
        chunk.forEach((text, row) => known.set(text, data.slice(row * size, (row + 1) * size)));
        settle(wanted);
      }
    },

    async search(query, signal) {
      const { data: vector } = await embed([query], { ...options, signal });
      const scores = new Float32Array(passages.length);
      for (let row = 0; row < scores.length; row++) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += vector[i]! * vectors[row * size + i]!;
        scores[row] = sum;
      }
      return { vector, scores };
    },
  };
}
