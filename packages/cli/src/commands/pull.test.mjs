// @ts-check
import { rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createImpatientRules, createWorkplace } from '../../support/command-context.mjs';
import { commit, makeModel, modelId, sha256, startFakeHub } from '../../support/fake-hub.mjs';
import { sendPage, sendText } from '../../support/http-server.mjs';
import { npmRegistry } from '../source/npm-package.mjs';
import { pull, pullCommand } from './pull.mjs';

/** @type {import('../../support/command-context.mjs').Workplace} */
let workplace;
/** @type {import('../../support/fake-hub.mjs').FakeHub} */
let hub;

beforeEach(async () => {
  workplace = await createWorkplace({ HF_TOKEN: '', MY_TOKEN: 'secret' });
  hub = await startFakeHub();
});
afterEach(async () => {
  await hub.close();
  await workplace.remove();
});

const defaults = { dtype: undefined, revision: 'main', tokenVariable: 'HF_TOKEN', all: false, quiet: false };

/** @param {Partial<import('./pull.mjs').PullOptions>} [changes] */
function pullFromHub(changes = {}, reference = modelId) {
  const options = { ...defaults, out: path.join(workplace.directory, 'models'), host: hub.url, ...changes };
  const tools = { registry: npmRegistry, retryRules: createImpatientRules().rules, stallMilliseconds: 5000 };
  return pull(reference, options, workplace.context, tools);
}

const expectedFiles = ['LICENSE', 'config.json', 'onnx/model_quantized.onnx', 'tokenizer.json', 'vocab.txt'];

describe('a model of the Hub', () => {
  test('comes at its commit, with what a browser needs and a manifest of it', async () => {
    const { fetched } = await pullFromHub();
    expect(fetched).toBe(expectedFiles.length);
    expect(await workplace.list('models/org/name')).toEqual([...expectedFiles, 'manifest.json'].sort());
    const manifest = JSON.parse(String(await workplace.read('models/org/name/manifest.json')));
    expect(manifest).toEqual({
      format: 'insitu-model-1',
      model: modelId,
      revision: commit,
      files: expectedFiles.map((file) => {
        const bytes = /** @type {Buffer} */ (hub.files.get(file));
        return { path: file, size: bytes.length, sha256: sha256(bytes) };
      }),
    });
    for (const file of expectedFiles)
      expect(sha256(await workplace.read(`models/org/name/${file}`))).toBe(
        sha256(hub.files.get(file) ?? Buffer.alloc(0)),
      );
    expect(hub.storageRequests.map((request) => request.path)).toEqual(['/onnx/model_quantized.onnx']);
  });

  test('is fetched by the command, which tells what a page writes', async () => {
    const values = { out: 'public/models', revision: 'main', host: `${hub.url}/`, 'token-env': 'HF_TOKEN' };
    expect(await pullCommand.run([modelId], values, workplace.context)).toBe(0);
    expect(workplace.output()).toContain("await pipeline('…', '/models/org/name/')");
    expect(workplace.output()).toContain(
      `${modelId} at ${commit.slice(0, 7)}: 5 files, 1.0 MB, in public/models/org/name`,
    );
    expect(workplace.messages()).toContain('onnx/model_quantized.onnx: 1.0 MB\n');
    expect(workplace.messages()).toMatch(/100 % {2}1.0 MB of 1.0 MB/);
  });

  test('is fetched quietly where that is wanted', async () => {
    await pullFromHub({ quiet: true });
    expect(workplace.messages()).toBe('');
  });

  test.each([
    [`${modelId}@v1`, 'unused', 'v1'],
    [modelId, 'refs/pr/1', 'refs%2Fpr%2F1'],
  ])('%s with --revision %s is looked up at %s', async (reference, revision, segment) => {
    const { manifest } = await pullFromHub({ revision }, reference);
    expect(manifest.revision).toBe(commit);
    expect(hub.requests[0]?.path).toBe(`/api/models/org/name/revision/${segment}`);
  });

  test('is not fetched again when everything is there', async () => {
    await pullFromHub();
    const before = await workplace.read('models/org/name/manifest.json');
    hub.requests.length = 0;
    hub.storageRequests.length = 0;
    const { fetched } = await pullFromHub();
    expect(fetched).toBe(0);
    expect([...hub.requests, ...hub.storageRequests].filter((request) => !request.path.startsWith('/api/'))).toEqual(
      [],
    );
    expect(await workplace.read('models/org/name/manifest.json')).toEqual(before);
  });

  test.each([
    ['config.json', '{"model_type":"bart"}'],
    ['onnx/model_quantized.onnx', 'short'],
  ])('has %s fetched again where it is another, and nothing else', async (file, content) => {
    await pullFromHub();
    await writeFile(path.join(workplace.directory, 'models/org/name', file), content);
    const { fetched } = await pullFromHub();
    expect(fetched).toBe(1);
    expect(hub.rangesOf(file)).toEqual(['all', 'all']);
    expect(sha256(await workplace.read(`models/org/name/${file}`))).toBe(
      sha256(hub.files.get(file) ?? Buffer.alloc(0)),
    );
  });

  test('comes in another dtype with the weights beside its graph', async () => {
    await pullFromHub({ dtype: 'fp16' });
    const graphs = (await workplace.list('models/org/name')).filter((file) => file.startsWith('onnx/'));
    expect(graphs).toEqual(['onnx/model_fp16.onnx', 'onnx/model_fp16.onnx_data']);
    await expect(pullFromHub({ dtype: 'q4' })).rejects.toThrow('The model has no q4 graphs. It has q8, fp32, fp16.');
  });

  test('comes whole, but for a foreign manifest.json, where all is asked for', async () => {
    const { manifest } = await pullFromHub({ all: true });
    const all = [...hub.files.keys()].filter((file) => file !== 'manifest.json').sort();
    expect(manifest.files.map((file) => file.path)).toEqual(all);
  });
});

describe('a model of the Hub that is not for everybody', () => {
  const askForToken = (/** @type {string} */ code) => {
    hub.intercept = (request, response) => {
      if (request.headers.authorization === 'Bearer secret') return false;
      if (new URL(request.url ?? '', hub.url).pathname.startsWith('/onnx/')) return false;
      sendText(response, 401, '', code ? { 'X-Error-Code': code } : {});
      return true;
    };
  };

  test('comes with a token, which the other origin does not see', async () => {
    askForToken('');
    await pullFromHub({ tokenVariable: 'MY_TOKEN' });
    expect(await workplace.list('models/org/name')).toHaveLength(6);
    expect(hub.requests.every(({ headers }) => headers.authorization === 'Bearer secret')).toBe(true);
    expect(hub.storageRequests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('says how, without one', async () => {
    askForToken('');
    const failure = pullFromHub();
    await expect(failure).rejects.toThrow('org/name is private or gated, or there is none of that name');
    await expect(failure).rejects.toThrow(
      `Set HF_TOKEN to an access token that may read it (${hub.url}/settings/tokens).`,
    );
    expect(await workplace.list('models')).toEqual([]);
  });

  test('says where its terms are, also when only its files are gated', async () => {
    hub.intercept = (_, response, file) => {
      if (file !== 'config.json') return false;
      sendText(response, 403, '', { 'X-Error-Code': 'GatedRepo' });
      return true;
    };
    await expect(pullFromHub({ tokenVariable: 'MY_TOKEN' })).rejects.toThrow(
      `org/name is gated: accept its terms at ${hub.url}/org/name, signed in.\nThe token in MY_TOKEN was sent and does not open it.`,
    );
  });
});

describe('what is wrong with a Hub', () => {
  test('no such revision, no such model', async () => {
    await expect(pullFromHub({ revision: 'v9' })).rejects.toThrow('org/name has no revision v9.');
    await expect(pullFromHub({}, 'org/other')).rejects.toThrow('org/other has no revision main.');
  });

  test('a host that is no Hub', async () => {
    hub.intercept = (_, response) => {
      sendPage(response);
      return true;
    };
    await expect(pullFromHub()).rejects.toThrow('is an HTML page');
  });

  test.each([['onnx/model_quantized.onnx'], ['config.json']])('%s with another content', async (file) => {
    hub.intercept = (_, response, requested) => {
      if (requested !== file) return false;
      const changed = Buffer.from(hub.files.get(file) ?? '');
      changed[1] = 255;
      response.end(changed);
      return true;
    };
    await expect(pullFromHub()).rejects.toThrow(`${file} arrived with another content than it should have`);
    const left = await workplace.list('models/org/name');
    expect(left.filter((name) => name.startsWith(file))).toEqual([]);
    expect(left).not.toContain('manifest.json');
  });

  test('a page in the place of a file, whatever it is called', async () => {
    for (const type of ['text/html', 'application/json']) {
      hub.intercept = (_, response, file) => {
        if (file !== 'tokenizer.json') return false;
        sendText(response, 200, '<!DOCTYPE html>..'.padEnd(17), { 'Content-Type': type });
        return true;
      };
      await expect(pullFromHub()).rejects.toThrow('tokenizer.json is an HTML page, not a file of a model.');
    }
    expect((await workplace.list('models')).filter((file) => file.includes('tokenizer'))).toEqual([]);
  });

  test('a path that leaves the folder', async () => {
    hub.files.set('../../escaped.json', Buffer.from('{}'));
    await expect(pullFromHub()).rejects.toThrow('is not a path inside the model: "../../escaped.json"');
    expect(await workplace.list('.')).toEqual([]);
  });

  test('graphs for no browser', async () => {
    for (const file of hub.files.keys()) if (file.startsWith('onnx/')) hub.files.delete(file);
    await expect(pullFromHub()).rejects.toThrow('The model has no graphs in onnx/');
    hub.files.set('onnx/vision_encoder_quantized.onnx', makeModel().get('onnx/model.onnx') ?? Buffer.alloc(0));
    hub.files.set('onnx/text_model.onnx', makeModel().get('onnx/model.onnx') ?? Buffer.alloc(0));
    await pullFromHub();
    expect(workplace.messages()).toContain('org/name has no graph text_model of this dtype');
  });
});

test('a manifest that is damaged is replaced', async () => {
  await pullFromHub();
  const manifest = path.join(workplace.directory, 'models/org/name/manifest.json');
  const before = await workplace.read('models/org/name/manifest.json');
  await writeFile(manifest, '{');
  await pullFromHub();
  expect(await workplace.read('models/org/name/manifest.json')).toEqual(before);
  await rm(manifest);
  await utimes(path.join(workplace.directory, 'models/org/name/config.json'), 1, 1);
  expect((await pullFromHub()).fetched).toBe(0);
});
