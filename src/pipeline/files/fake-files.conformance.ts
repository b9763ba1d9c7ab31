import { vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import type { ModelFiles } from '../../weights/model/model-files.ts';

/** What both tasks need of a model. */
export const paths = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];

export const notFound = (path: string) => new InsituError('MODEL_NOT_FOUND', `No ${path}.`, { hint: 'Check it.' });

/** The files of a model that has these, and what became of them. */
export function createFiles(present: readonly string[] = paths, parts: Partial<ModelFiles> = {}) {
  const asked: string[] = [];
  const has = async (path: string) => {
    asked.push(path);
    return present.includes(path);
  };
  const files = {
    fetching: true,
    has: vi.fn(has),
    find: vi.fn(async (path: string) => (present.includes(path) ? new Uint8Array(1) : undefined)),
    async require(path: string) {
      if (!(await has(path))) throw notFound(path);
    },
    keep: vi.fn(async () => true),
    leave: vi.fn(async () => {}),
    discard: vi.fn(async () => {}),
    release: vi.fn(() => {}),
    ...parts,
  } satisfies ModelFiles;
  /** Names of the ways in which the load was ended, in their order. */
  const ends = (['keep', 'leave', 'discard', 'release'] as const).map((name) => [name, vi.spyOn(files, name)] as const);
  return {
    files,
    asked,
    ended: () =>
      ends
        .flatMap(([name, spy]) => spy.mock.invocationCallOrder.map((order) => ({ name, order })))
        .sort((a, b) => a.order - b.order)
        .map(({ name }) => name),
  };
}
