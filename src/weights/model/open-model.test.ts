import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../../protocol/model-manifest.ts';
import { openModel } from './open-model.ts';
import type { OpenModelOptions } from './remote-model.ts';

const manifest: ModelManifest = {
  format: 'insitu-model-1',
  model: 'org/name',
  files: [{ path: 'config.json', size: 2, sha256: '0'.repeat(64) }],
};
const open = (given: unknown) =>
  openModel({ kind: 'disk', reference: '0 files of the disk', files: [] }, {
    rules: { revalidate: 'never', localFilesOnly: false, session: '1', manifest: given },
  } as OpenModelOptions);

describe('openModel', () => {
  it.each([
    ['{}', {}, /must have the format "insitu-model-1"/],
    ['no files', { ...manifest, files: [] }, /must have a list of files/],
    ['a path that leads out', { ...manifest, files: [{ ...manifest.files[0], path: '../config.json' }] }, /files\[0\]/],
  ])('refuses a manifest with %s', (_, given, says) => {
    expect(() => open(given)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(says) }),
    );
  });

  it.each([undefined, manifest])('takes %o', (given) => {
    expect(open(given).fetching).toBe(false);
  });
});
