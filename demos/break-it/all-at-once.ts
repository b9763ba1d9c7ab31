import { flipByte } from '../shared/damage-byte.ts';
import { type Attack, longBatch } from './attack.ts';
import { graph } from './file-attacks.ts';
import { model, modelElsewhere } from './target.ts';

/** Everything, within one moment. */
export const allAtOnce: Attack = {
  id: 'all',
  flag: 'All at once',
  story:
    'With a long batch in the worker: a bit of the stored model was turned over, a run that wants 4 GB and two more calls were queued, one of them was aborted, every worker was killed, and while the next one started, half of another model arrived.',
  takesFiles: true,
  async run({ embed, load, midRun, stored, killAll, strike, setNetwork }) {
    await stored();
    const batch = embed('A batch, in the worker when it is killed', longBatch(500));
    await midRun(batch.call);
    // Where nothing is stored, nothing can be damaged.
    await flipByte(new URL(model, location.href).href, graph).catch(() => {});
    const controller = new AbortController();
    const calls = [
      batch,
      embed('A run that wants 4 GB', 'huge'),
      embed('A batch, aborted in the queue', longBatch(40), controller.signal),
      embed('A call in the queue', 'hello world'),
    ];
    controller.abort();
    const killed = killAll();
    const next = strike();
    await killed;
    setNetwork('halved');
    await load('The load of half a model', modelElsewhere).value;
    setNetwork('sound');
    await Promise.all([next, ...calls.map(({ value }) => value)]);
  },
};
