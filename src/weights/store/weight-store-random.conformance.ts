import { describe, expect, it } from 'vitest';
import { type ModelVersion, createStoreModel, describeStore } from './store-model.conformance.ts';
import { type Bytes, type TestDatabase, checkOf } from './test-database.conformance.ts';
import {
  type FileKey,
  type FileWriter,
  type StoredVersion,
  SupersededError,
  type WeightStore,
} from './weight-store.ts';

export interface RandomRules {
  /** How many sequences, with the seeds 1, 2, 3... @default 1000 */
  sequences?: number;
  /** Longest sequence, in operations. @default 40 */
  longest?: number;
  /** Runs the one sequence that a failure has named. */
  seed?: number;
}

/** Few, so that operations meet; the models are prefixes of each other. */
const keys: readonly FileKey[] = [
  { model: 'https://models.example/a/', path: 'onnx/model.onnx' },
  { model: 'https://models.example/a/', path: 'onnx/' },
  { model: 'https://models.example/a/', path: '' },
  { model: 'https://models.example/a/onnx/', path: 'model.onnx' },
  { model: '', path: 'onnx/model.onnx' },
];

/** Sequences of random operations, in two tabs that crash now and then, after each of which all that a store holds is compared. */
export function testRandomSequences(
  createDatabase: () => TestDatabase,
  { sequences = 1000, longest = 40, seed }: RandomRules = {},
): void {
  describe('random sequences of operations', () => {
    it(`leave what a simple model of a store says they leave: ${seed ?? sequences}`, { timeout: 300_000 }, async () => {
      const database = createDatabase();
      const seeds = seed === undefined ? Array.from({ length: sequences }, (_, index) => index + 1) : [seed];
      let tabs = [database.open(), database.open()];
      for (const each of seeds) tabs = await runSequence(each, database, tabs, longest);
    });
  });
}

interface OpenWriter {
  key: FileKey;
  owner: number;
  writer: FileWriter;
}

interface FoundVersion {
  key: FileKey;
  real: StoredVersion;
  said: ModelVersion;
}

/** @returns the tabs that are open after it, for the next sequence. */
async function runSequence(
  seed: number,
  database: TestDatabase,
  tabs: WeightStore[],
  longest: number,
): Promise<WeightStore[]> {
  const random = mulberry32(seed);
  const below = (end: number) => Math.floor(random() * end);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  const model = createStoreModel();
  const done: string[] = [];
  let writers: OpenWriter[] = [];
  const found: FoundVersion[] = [];
  let lastOwner = 0;
  let lastValue = 0;

  const tab = (): WeightStore => pick(tabs);
  const createBytes = (length = below(4)): Bytes => Uint8Array.from({ length }, () => ++lastValue);
  const createInfo = () => ({ etag: `"${++lastValue}"`, ...(random() < 0.5 && { size: below(9) }) });
  const log = (what: string, { model: at, path }: FileKey, more = '') => done.push(`${what} ${at}|${path} ${more}`);

  const ends = async (step: Promise<void>, allowed: boolean) => {
    if (allowed) await step;
    else await expect(step).rejects.toBeInstanceOf(SupersededError);
  };
  const begin = async (key: FileKey, unfinished?: FoundVersion) => {
    const owner = ++lastOwner;
    const info = createInfo();
    const allowed = model.begin(key, owner, { ...info }, unfinished?.said);
    log(`${unfinished ? 'resume' : 'begin'} by ${owner}`, key, allowed ? '' : 'in vain');
    const writer = await tab()
      .write(key, info, unfinished?.real)
      .catch((error: unknown) => error);
    if (allowed) writers.push({ key, owner, writer: writer as FileWriter });
    else expect(writer).toBeInstanceOf(SupersededError);
  };
  const append = async ({ key, owner, writer }: OpenWriter) => {
    const bytes = createBytes();
    const cut = below(bytes.length + 1);
    const check = checkOf(bytes);
    const allowed = model.append(key, owner, { ...check, values: [...bytes] });
    log(`append [${bytes.join()}] by ${owner}`, key, allowed ? '' : 'in vain');
    await ends(writer.append([bytes.subarray(0, cut), bytes.subarray(cut)], check), allowed);
  };
  const commit = async ({ key, owner, writer }: OpenWriter) => {
    const info = createInfo();
    const allowed = model.commit(key, owner, { ...info });
    log(`commit by ${owner}`, key, allowed ? '' : 'in vain');
    await ends(writer.commit(info), allowed);
  };

  /** Versions are remembered, so that later operations try those that are gone. */
  const look = async (key: FileKey): Promise<FoundVersion | undefined> => {
    const real = await tab().find(key);
    const said = model.fileOf(key);
    const kind = real.partial && random() < 0.7 ? 'partial' : 'whole';
    if (real[kind] && said?.[kind]) found.push({ key, real: real[kind], said: said[kind] });
    return found.length > 0 ? (random() < 0.6 ? found.at(-1) : pick(found)) : undefined;
  };

  /** The number says how often an operation comes. */
  const operations: [number, (key: FileKey) => Promise<unknown>][] = [
    [5, (key) => begin(key)],
    [9, async () => writers.length > 0 && append(pick(writers))],
    [4, async () => writers.length > 0 && commit(pick(writers))],
    [
      // Two tabs at work on one file at the same time, one of which does not know that it has lost it.
      4,
      async (key) => {
        await begin(key);
        await Promise.all(writers.filter((each) => each.key === key).map(append));
      },
    ],
    [
      2,
      async () => {
        if (writers.length === 0) return;
        const { key, owner, writer } = pick(writers);
        log(`discard by ${owner}`, key);
        model.discard(key, owner);
        await writer.discard();
      },
    ],
    [
      // A tab or the browser goes down: nobody ends its writers, and a store is opened anew.
      2,
      async () => {
        done.push('crash');
        if (random() < 0.5) writers = [];
        else writers = writers.filter(() => random() < 0.5);
        tabs = [pick(tabs), database.open()];
      },
    ],
    [
      5,
      async (key) => {
        const version = await look(key);
        if (version) await begin(version.key, version);
      },
    ],
    [
      3,
      async (key) => {
        const version = await look(key);
        if (!version || version.real.parts.length === 0) return;
        const index = below(version.real.parts.length);
        const bytes = createBytes(version.real.parts[index]!.size);
        log(`replace part ${index} with [${bytes.join()}]`, version.key);
        model.replacePart(version.key, version.said, index, [...bytes]);
        await tab().replacePart(version.key, version.real.id, index, bytes);
      },
    ],
    [
      2,
      async (key) => {
        const info = createInfo();
        log('annotate', key);
        model.annotate(key, info);
        await tab().annotate(key, info);
      },
    ],
    [
      2,
      async (key) => {
        log('missing', key);
        model.writeMissing(key);
        await tab().writeMissing(key);
      },
    ],
    [
      2,
      async (key) => {
        log('remove', key);
        model.remove(key);
        await tab().remove(key);
      },
    ],
    [
      2,
      async (key) => {
        const record = random() < 0.8 ? { reference: 'a', usedAt: ++lastValue } : undefined;
        log(`edit to ${record?.usedAt}`, key);
        model.edit(key.model, record);
        await tab().editModel(key.model, () => record);
      },
    ],
    [
      1,
      async (key) => {
        log('remove model', key);
        model.removeModel(key.model);
        await tab().removeModel(key.model);
      },
    ],
    [
      0.3,
      async () => {
        done.push('clear');
        model.clear();
        await tab().clear();
      },
    ],
  ];
  const weights = operations.reduce((sum, [weight]) => sum + weight, 0);

  try {
    await tab().clear();
    const length = 1 + below(longest);
    for (let step = 0; step < length; step++) {
      let at = random() * weights;
      const [, operation] = operations.find(([weight]) => (at -= weight) < 0)!;
      await operation(pick(keys));
    }
    expect(await describeStore(tab(), keys)).toEqual(model.describe(keys));
    if (database.countEntries) expect(await database.countEntries()).toBe(model.countEntries());
    return tabs;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`With the seed ${seed}: ${reason}\nafter\n${done.join('\n')}`, { cause: error });
  }
}

/** https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
