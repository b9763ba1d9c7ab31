/** One file of a {@link ModelManifest}. */
export interface ManifestFile {
  /** Inside the model's folder, with slashes, e.g. `onnx/model_quantized.onnx`. */
  path: string;
  /** Bytes. */
  size: number;
  /** Lower-case hexadecimal. */
  sha256: string;
}

/** The files of one version of a model and what proves them: the `manifest.json` of `insitu pull` and of packs. */
export interface ModelManifest {
  format: 'insitu-model-1';
  /** The reference by which a page finds it: without revision for `main`. */
  model: string;
  /** Commit of a Hub model. */
  revision?: string;
  files: readonly ManifestFile[];
}

/** Returns what is wrong with a value that should be a {@link ModelManifest}, or nothing. */
export function manifestComplaint(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'must be an object, as in manifest.json';
  const { format, model, files } = value as Record<string, unknown>;
  if (format !== 'insitu-model-1') return 'must have the format "insitu-model-1"';
  if (typeof model !== 'string') return 'must name its model';
  if (!Array.isArray(files) || files.length === 0) return 'must have a list of files';
  const wrong = files.findIndex((file) => !isManifestFile(file));
  return wrong < 0 ? undefined : `must have a path, a size and a sha256 for every file: files[${wrong}] has not`;
}

function isManifestFile(value: unknown): value is ManifestFile {
  if (typeof value !== 'object' || value === null) return false;
  const { path, size, sha256 } = value as Record<string, unknown>;
  return (
    typeof path === 'string' &&
    path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..') &&
    Number.isSafeInteger(size) &&
    Number(size) >= 0 &&
    typeof sha256 === 'string' &&
    /^[\da-f]{64}$/.test(sha256)
  );
}
