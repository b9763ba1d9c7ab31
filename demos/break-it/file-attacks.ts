import { flipByte, readByte } from '../shared/damage-byte.ts';
import type { Attack } from './attack.ts';
import { model, modelElsewhere } from './target.ts';

export const graph = 'onnx/model_quantized.onnx';
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Attacks on what the worker reads. */
export const fileAttacks: readonly Attack[] = [
  {
    id: 'halve',
    flag: 'Half a file',
    story:
      'The same model from an address of which nothing was stored. Of its graph only half arrived, under headers that called it complete. The load failed by name and kept nothing; the next one, with the network sound again, fetched it anew.',
    takesFiles: true,
    async run({ load, ask, strike, setNetwork, forget }) {
      setNetwork('halved');
      const broken = load('The load of half a model', modelElsewhere);
      const next = strike();
      await broken.value;
      setNetwork('sound');
      const whole = await load('The same load again', modelElsewhere).value;
      if (whole) {
        await ask('A run of what it loaded', whole).value;
        await whole.dispose();
        await forget(modelElsewhere);
      }
      await next;
    },
  },
  {
    id: 'damage',
    flag: 'Bit turned',
    story:
      'The page turned over one bit of the model in IndexedDB, behind the library’s back, and killed the worker so that the model had to be read again. Each stored part has a checksum: the damaged one was fetched anew, no other.',
    takesFiles: true,
    async run({ stored, killAll, strike, note }) {
      await stored();
      const byte = await flipByte(new URL(model, location.href).href, graph).catch(() => undefined);
      if (!byte) return note('Nothing of the model is stored in this browser, so there is nothing to damage.');
      const { position, before, after } = byte;
      note(`Byte ${position.toLocaleString('en')} of ${graph} was ${hex(before)} and is ${hex(after)}.`);
      await killAll();
      await strike();
      const now = (await readByte(byte)) ?? before;
      note(now === before ? `After the restart it is ${hex(now)} again.` : `It is ${hex(now)} still.`);
    },
  },
  {
    id: 'offline',
    flag: 'Offline',
    story:
      'Every request of the workers failed, as if a cable had been pulled. A stored model loads and answers all the same; one that is not stored cannot, and says why.',
    takesFiles: true,
    async run({ load, ask, strike, setNetwork }) {
      setNetwork('off');
      const next = strike();
      const kept = load('The load of a model that is stored', model);
      const absent = load('The load of one that is not', modelElsewhere);
      const loaded = await kept.value;
      if (loaded) {
        await ask('A run of the one that is stored', loaded).value;
        await loaded.dispose();
      }
      await absent.value;
      setNetwork('sound');
      await next;
    },
  },
];
