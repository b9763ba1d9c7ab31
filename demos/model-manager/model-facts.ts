import type { StoredModel } from 'insitu';

/** Tasks whose models answer a question on this page. */
export type AnsweringTask = 'feature-extraction' | 'text-classification';

/** The last part of a model reference: what people call the model. */
export function nameOf(reference: string): string {
  const path = reference.replace(/^https?:\/\/[^/]+/, '').replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1) || reference;
}

/** Names of models by their URL; two that share a name are told apart by where they come from. */
export function nameAll(models: readonly Pick<StoredModel, 'model' | 'url'>[]): Map<string, string> {
  const short = models.map(({ model }) => nameOf(model));
  return new Map(
    models.map(({ model, url }, at) => {
      const name = short[at]!;
      return [url, short.indexOf(name) === short.lastIndexOf(name) ? name : model];
    }),
  );
}

/** A reference as a page of the same origin would write it. */
export function shortReference(reference: string, origin: string): string {
  return reference.startsWith(`${origin}/`) ? reference.slice(origin.length) : reference;
}

/** Whether a load would find everything: every file is whole, and a graph is among them. */
export function isComplete({ files }: Pick<StoredModel, 'files'>): boolean {
  return files.every(({ complete }) => complete) && files.some(({ path }) => path.endsWith('.onnx'));
}

/** What a model is for is not stored with it. Its name often tells. */
export function guessTask(reference: string): AnsweringTask {
  return /sst|sentiment|classif|emotion|toxic/i.test(nameOf(reference)) ? 'text-classification' : 'feature-extraction';
}

/** What a model is for, by its `config.json`: classifiers name their head there. */
export function taskOfConfig(config: unknown): AnsweringTask {
  const architectures = (config as { architectures?: unknown } | null)?.architectures;
  const isClassifier =
    Array.isArray(architectures) && architectures.some((name) => String(name).endsWith('Classification'));
  return isClassifier ? 'text-classification' : 'feature-extraction';
}

/** Name of the file a model is exported to. */
export function packName(reference: string): string {
  return `${nameOf(reference).replace(/[^\w.-]+/g, '-')}.insitu.tar`;
}

/** The ends of a checksum, enough to compare by eye. */
export function shortenHash(hash: string): string {
  return hash.length > 16 ? `${hash.slice(0, 8)}…${hash.slice(-6)}` : hash;
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** How long ago something was: `just now`, `2 minutes ago`, `yesterday`. Both in milliseconds since 1970. */
export function describeAge(at: number, now: number): string {
  const seconds = Math.max(0, (now - at) / 1000);
  const [unit, length] = units.find(([, size]) => seconds >= size) ?? [];
  if (!unit || !length) return 'just now';
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-Math.floor(seconds / length), unit);
}
