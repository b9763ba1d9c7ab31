import { type Attack, endlessStep, longBatch } from './attack.ts';
import { hangTimeout } from './target.ts';

const seconds = hangTimeout / 1000;

/** Attacks on the worker itself. */
export const workerAttacks: readonly Attack[] = [
  {
    id: 'kill',
    flag: 'Killed',
    story:
      'The page ended the worker behind the library’s back, in the middle of a call. A browser makes no event of that. The worker held a Web Lock; the library waits for it and has it the moment the worker is gone.',
    async run({ embed, midRun, strike }) {
      const { call, value } = embed('A batch, in the worker when it is killed', longBatch(500));
      const worker = await midRun(call);
      worker?.terminate();
      await Promise.all([strike(), value]);
    },
  },
  {
    id: 'throw',
    flag: 'Exception',
    story:
      'Code in the worker threw an exception outside of any call. Nobody knows what state that leaves behind, so the library ends the worker and starts another.',
    async run({ embed, midRun, strike }) {
      const { call, value } = embed('A batch, in the worker when it throws', longBatch(500));
      const worker = await midRun(call);
      worker?.throwInside();
      await Promise.all([strike(), value]);
    },
  },
  {
    id: 'hang',
    flag: 'Hung',
    story: `One step of the model that takes minutes: while WebAssembly computes, a worker hears nothing and cannot be asked to stop. It gave no sign of life for ${seconds} s (\`hangTimeout\` of this page), so it was replaced.`,
    async run({ embed, strike }) {
      const { value } = embed('A run that does not end', endlessStep);
      await Promise.all([strike(), value]);
    },
  },
  {
    id: 'memory',
    flag: 'Out of memory',
    story:
      'The run asked for more than WebAssembly can have. Its memory never shrinks, so the library ended the worker, tried once more in a fresh one, which has all that can be had, and then said so.',
    async run({ embed, strike }) {
      const { value } = embed('A run that wants 4 GB', 'huge');
      await Promise.all([strike(), value]);
    },
  },
];
