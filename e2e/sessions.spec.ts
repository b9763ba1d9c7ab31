import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionTensor, TensorType } from 'insitu';
import { createCacheGraph, createReversingGraph } from '../scripts/models/session-graphs.mjs';
import { expect, test } from './support/test.ts';

const repository = join(import.meta.dirname, '..');
const base64 = (path: string) => readFileSync(path).toString('base64');

for (const [type, values, reversed] of [
  ['float32', [1.5, 2, -3, 4], [-3, 4, 1.5, 2]],
  ['float64', [1.1, 2, -3, 4], [-3, 4, 1.1, 2]],
  // The bits of 1, 2, 3 and 4.
  ['float16', [15360, 16384, 16896, 17408], [16896, 17408, 15360, 16384]],
  ['int8', [-1, 2, 3, 4], [3, 4, -1, 2]],
  ['uint8', [255, 2, 3, 4], [3, 4, 255, 2]],
  ['int16', [-1, 2, 3, 4], [3, 4, -1, 2]],
  ['uint16', [65535, 2, 3, 4], [3, 4, 65535, 2]],
  ['int32', [-1, 2, 3, 4], [3, 4, -1, 2]],
  ['uint32', [4294967295, 2, 3, 4], [3, 4, 4294967295, 2]],
  ['int64', ['-9223372036854775808', '2', '3', '4'], ['3', '4', '-9223372036854775808', '2']],
  ['uint64', ['18446744073709551615', '2', '3', '4'], ['3', '4', '18446744073709551615', '2']],
  ['bool', [1, 1, 0, 1], [0, 1, 1, 1]],
  ['string', ['', 'naïve', '日本語', '🦆 and more'], ['日本語', '🦆 and more', '', 'naïve']],
] as const satisfies readonly (readonly [TensorType, readonly unknown[], readonly unknown[]])[]) {
  test(`a session takes and gives tensors of ${type}`, async ({ ready }) => {
    const outcome = await ready.evaluate(
      async ([graph, given, numbers]) => {
        const arrays = {
          float32: Float32Array,
          float64: Float64Array,
          float16: Uint16Array,
          int8: Int8Array,
          uint8: Uint8Array,
          int16: Int16Array,
          uint16: Uint16Array,
          int32: Int32Array,
          uint32: Uint32Array,
          bool: Uint8Array,
        };
        const toArray = () => {
          if (given === 'string') return [...numbers] as string[];
          if (given === 'int64') return BigInt64Array.from(numbers, BigInt);
          if (given === 'uint64') return BigUint64Array.from(numbers, BigInt);
          return arrays[given].from(numbers as number[]);
        };
        const session = await insitu.createSession(await (await fetch(`data:;base64,${graph}`)).blob());
        const tensor = { type: given, data: toArray(), dims: [2, 2] } as SessionTensor;
        const { reversed: result } = await session.run({ rows: tensor });
        const data = result!.data as unknown as ArrayLike<unknown> & { buffer: ArrayBuffer };
        const bits = given === 'float16' ? new Uint16Array(data.buffer) : data;
        const { inputs, outputs } = session;
        await session.dispose();
        return { inputs, outputs, type: result!.type, dims: result!.dims, texts: Array.from(bits, String) };
      },
      [createReversingGraph(type).toString('base64'), type, values as readonly (number | string)[]] as const,
    );
    expect(outcome).toEqual({
      inputs: [{ name: 'rows', type, dims: ['length', 2] }],
      outputs: [{ name: 'reversed', type, dims: ['length', 2] }],
      type,
      dims: [2, 2],
      texts: reversed.map(String),
    });
  });
}

test('a session refuses what does not fit, computes what is wanted, and takes over what it may', async ({ ready }) => {
  const outcome = await ready.evaluate(async (graph) => {
    const bytes = await (await fetch(`data:;base64,${graph}`)).arrayBuffer();
    const session = await insitu.createSession(new File([bytes], 'cache.onnx'), { priority: 'background' });
    const rows = (count: number) =>
      ({ type: 'float32', data: new Float32Array(4 * count).fill(1), dims: [1, count, 4] }) as const;
    const past = 'past_key_values.0.key';
    const settle = (promise: Promise<unknown>) =>
      promise.then(
        () => 'resolved',
        (error: { code?: string; message?: string }) => [error.code, error.message],
      );
    const kept = rows(2);
    const wrong = await settle(session.run({ [past]: kept, row: rows(2) }));
    const missing = await settle(session.run({ [past]: kept }));
    const aborted = await session
      .run({ [past]: kept, row: rows(1) }, { signal: AbortSignal.abort('enough') })
      .catch(String);
    const results = await session.run({ [past]: kept, row: rows(1) }, { outputs: ['sum'] });
    const given = rows(2);
    const { sum } = await session.run({ [past]: given, row: rows(1) }, { transfer: true });
    await session.dispose();
    const disposed = await settle(session.run({ [past]: kept, row: rows(1) }));
    return {
      wrong,
      missing,
      aborted,
      names: Object.keys(results),
      sums: [results['sum']!.data[0], sum!.data[0]],
      lengths: [kept.data.length, given.data.length],
      disposed: disposed[0],
    };
  }, createCacheGraph().toString('base64'));
  expect(outcome).toMatchObject({
    wrong: ['INPUT_INVALID', 'The input "row" has the dims [1, 2, 4], not [batch, 1, 4].'],
    missing: ['INPUT_INVALID', 'The input "row" is missing.'],
    aborted: 'enough',
    names: ['sum'],
    sums: [12, 12],
    lengths: [8, 0],
    disposed: 'DISPOSED',
  });
});

test('a graph has an address, a path in a model, and a frame of its own where it is not trusted', async ({ ready }) => {
  const outcome = await ready.evaluate(async () => {
    const folder = '/models/insitu/tiny-text-classification/';
    const client = insitu.createClient({ storage: 'memory' });
    const signatures = await Promise.all(
      [
        client.session(`${folder}onnx/model.onnx`),
        client.session(folder),
        client.session(folder, { file: 'onnx/model.onnx', isolate: true }),
      ].map(async (opening) => {
        const { inputs, outputs } = await opening;
        return { inputs, outputs };
      }),
    );
    const code = (promise: Promise<unknown>) => promise.catch((error: { code: string }) => error.code);
    const missing = await code(client.session(folder, { file: 'onnx/other.onnx' }));
    const none = await code(client.session(new Blob(['no graph'])));
    await client.close();
    return { signatures, missing, none };
  });
  const [first, ...others] = outcome.signatures;
  expect(first!.inputs.map(({ name }) => name)).toContain('input_ids');
  expect(first!.outputs.map(({ name }) => name)).toEqual(['logits']);
  expect(others).toEqual([first, first]);
  expect(outcome).toMatchObject({ missing: 'MODEL_NOT_FOUND', none: 'MODEL_INVALID' });
});

/** Real graphs that lie beside the repository on some machines. */
const others = join(repository, '../shared/models/other');
if (existsSync(others)) {
  test('mnist-12 reads digits', async ({ ready }) => {
    const digits = await ready.evaluate(
      async (graph) => {
        const session = await insitu.createSession(await (await fetch(`data:;base64,${graph}`)).arrayBuffer());
        const draw: Record<number, (context: OffscreenCanvasRenderingContext2D) => void> = {
          0: (context) => context.ellipse(14, 14, 6, 9, 0, 0, 7),
          1: (context) => {
            context.moveTo(14, 4);
            context.lineTo(14, 24);
          },
          7: (context) => {
            context.moveTo(7, 6);
            context.lineTo(20, 6);
            context.lineTo(12, 24);
          },
        };
        const read: number[] = [];
        for (const path of Object.values(draw)) {
          const context = new OffscreenCanvas(28, 28).getContext('2d')!;
          context.strokeStyle = 'white';
          context.lineWidth = 2.5;
          path(context);
          context.stroke();
          const { data: pixels } = context.getImageData(0, 0, 28, 28);
          const data = Float32Array.from({ length: 784 }, (_, index) => pixels[4 * index + 3]!);
          const { Plus214_Output_0: scores } = await session.run({
            Input3: { type: 'float32', data, dims: [1, 1, 28, 28] },
          });
          const values = scores!.data as Float32Array;
          read.push(values.indexOf(Math.max(...values)));
        }
        await session.dispose();
        return read;
      },
      base64(join(others, 'mnist-12/model.onnx')),
    );
    expect(digits).toEqual([0, 1, 7]);
  });

  test('magika tells files apart', async ({ ready }) => {
    const folder = join(others, 'magika-standard-v3_3');
    const { target_labels_space: labels } = JSON.parse(readFileSync(join(folder, 'config.min.json'), 'utf8')) as {
      target_labels_space: string[];
    };
    // The first and the last 1,024 bytes of the trimmed text: `beg_size` and `end_size` of its configuration.
    const features = ['package.json', 'rollup.config.mjs', 'README.md'].map((file) => {
      const bytes = [...Buffer.from(readFileSync(join(repository, file), 'utf8').trim())];
      return [...bytes.slice(0, 1024), ...bytes.slice(-1024)];
    });
    expect(features.map(({ length }) => length)).toEqual([2048, 2048, 2048]);
    const best = await ready.evaluate(
      async ([graph, rows]) => {
        const session = await insitu.createSession(await (await fetch(`data:;base64,${graph}`)).arrayBuffer());
        const [input] = session.inputs;
        const [output] = session.outputs;
        const data = Int32Array.from(rows.flat());
        const results = await session.run({ [input!.name]: { type: 'int32', data, dims: [rows.length, 2048] } });
        const { data: scores, dims } = results[output!.name]!;
        const size = dims[1]!;
        return rows.map((_, row) => {
          const own = (scores as Float32Array).subarray(row * size, (row + 1) * size);
          return own.indexOf(Math.max(...own));
        });
      },
      [base64(join(folder, 'model.onnx')), features] as const,
    );
    expect(best.map((index) => labels[index])).toEqual(['json', 'javascript', 'markdown']);
  });
} else {
  console.log(`mnist-12 and magika did not run: there is no ${others}.`);
}
