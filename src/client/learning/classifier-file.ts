import { InsituError } from '../../errors/insitu-error.ts';

/** What a classifier is, without its embedder. */
export interface ClassifierHead {
  /** Of the embedder. */
  task: string;
  /** The embedder's model, as it was named. */
  model: string;
  /** How inputs are embedded. */
  embedding: Record<string, unknown>;
  labels: string[];
  /** Examples of each label, in the order of the labels. */
  counts: number[];
  confusion?: number[][];
  regularization: number;
  /** Numbers of a vector. */
  size: number;
  /** `[labels, size + 1]`, row by row: the weights of a label, then its bias. */
  weights: Float32Array<ArrayBuffer>;
  /** The embedder's vector of something that is always the same. */
  probe: Float32Array<ArrayBuffer>;
}

/** Another one is not read. */
const format = 'insitu-classifier-1';
const lineBreak = 10;

/** One line of JSON, then weights and probe as 32-bit floats, little-endian. */
export function writeClassifier({ weights, probe, ...head }: ClassifierHead): Blob {
  return new Blob([`${JSON.stringify({ format, ...head })}\n`, weights, probe], { type: 'application/octet-stream' });
}

/** @throws InsituError `INPUT_INVALID` */
export async function readClassifier(saved: unknown): Promise<ClassifierHead> {
  if (!(saved instanceof Blob)) throw unreadable('is no Blob');
  const bytes = new Uint8Array(await saved.arrayBuffer());
  const end = bytes.indexOf(lineBreak);
  const { format: found, ...head } = parse(bytes.subarray(0, Math.max(end, 0)));
  if (typeof found !== 'string' || !found.startsWith('insitu-classifier-'))
    throw unreadable('does not say that it is one');
  if (found !== format) throw unreadable(`has the format ${found}, not ${format}`);
  const { labels, size } = head as ClassifierHead;
  const count = labels.length * (size + 1);
  const floats = bytes.slice(end + 1).buffer;
  if (floats.byteLength !== 4 * (count + size)) throw unreadable('is not whole');
  return {
    ...(head as ClassifierHead),
    weights: new Float32Array(floats, 0, count),
    probe: new Float32Array(floats, 4 * count),
  };
}

function parse(line: Uint8Array): Partial<ClassifierHead> & { format?: unknown } {
  try {
    return (JSON.parse(new TextDecoder().decode(line)) ?? {}) as object;
  } catch (error) {
    throw unreadable('is something else', error);
  }
}

function unreadable(what: string, cause?: unknown): InsituError {
  return new InsituError('INPUT_INVALID', `This is no classifier that was saved: it ${what}.`, {
    hint: 'Pass the Blob that `save()` of a classifier gave, byte for byte.',
    cause,
  });
}
