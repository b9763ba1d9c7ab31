import { env } from '@huggingface/transformers';
import { describe, expect, it, vi } from 'vitest';
import { loadFromFiles } from './file-answers.ts';

/** Asks for a file as transformers.js does. */
const fetchOf = async (name: string, path: string) => env.fetch(`${env.remoteHost}${name}/${path}`);

const bytes = Uint8Array.of(1, 2, 3);
const files = async (path: string) => (path === 'onnx/model.onnx' ? bytes : undefined);

describe('what transformers.js fetches', () => {
  it('comes from the files of the load, without a copy', async () => {
    await loadFromFiles(files, async (name) => {
      const response = await fetchOf(name, 'onnx/model.onnx');
      expect(response).toMatchObject({ ok: true, status: 200 });
      expect(response.headers.get('content-length')).toBe('3');
      expect(await response.arrayBuffer()).toBe(bytes.buffer);
    });
  });

  it('is not there where the model does not have it', async () => {
    await loadFromFiles(files, async (name) => {
      expect(await fetchOf(name, 'other.json')).toMatchObject({ ok: false, status: 404 });
    });
  });

  it('never comes from the network', async () => {
    const network = vi.fn();
    vi.stubGlobal('fetch', network);
    expect(await env.fetch('https://huggingface.co/org/name/resolve/main/config.json')).toMatchObject({ ok: false });
    vi.unstubAllGlobals();
    expect(network).not.toHaveBeenCalled();
    expect(env.remoteHost).toMatch(/\.invalid\/$/);
  });

  it('has names with signs in them', async () => {
    const find = vi.fn(files);
    await loadFromFiles(find, (name) => fetchOf(name, 'a%20folder/a%23b.json'));
    expect(find).toHaveBeenCalledExactlyOnceWith('a folder/a#b.json');
  });

  it('belongs to one load: those beside it have others, and none is left after it', async () => {
    const names: string[] = [];
    const read = (content: number) =>
      loadFromFiles(
        async () => Uint8Array.of(content),
        async (name) => {
          names.push(name);
          return new Uint8Array(await (await fetchOf(name, 'config.json')).arrayBuffer());
        },
      );
    expect(await Promise.all([read(1), read(2)])).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(await fetchOf(name, 'config.json')).toMatchObject({ ok: false });
  });
});

describe('a file that fails', () => {
  const broken = new Error('The connection broke.');

  it('says why, whatever is made of it', async () => {
    const load = loadFromFiles(
      () => Promise.reject(broken),
      async (name) => {
        await fetchOf(name, 'config.json').catch(() => {});
        throw new Error('Unsupported model type: undefined');
      },
    );
    await expect(load).rejects.toBe(broken);
  });

  it('fails nothing where the load does without it', async () => {
    const load = loadFromFiles(
      () => Promise.reject(broken),
      async (name) => {
        await fetchOf(name, 'generation_config.json').catch(() => {});
        return 'loaded';
      },
    );
    expect(await load).toBe('loaded');
  });

  it('is not blamed for what goes wrong without it', async () => {
    const unsupported = new Error('Unsupported model type: martian');
    await expect(loadFromFiles(files, () => Promise.reject(unsupported))).rejects.toBe(unsupported);
  });
});
