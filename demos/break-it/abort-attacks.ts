import { type Attack, endlessStep, longBatch, pause } from './attack.ts';

/** A spare worker gets ready while a run lasts; whoever waits for a second has one. */
const secondThoughtsMs = 1000;

/** Nothing breaks here: the visitor changes their mind. */
export const abortAttacks: readonly Attack[] = [
  {
    id: 'abort-queued',
    flag: 'Aborted',
    story:
      'A call waited for its turn and was aborted. The worker never heard of it, and the call before it went on undisturbed.',
    async run({ embed, midRun, strike }) {
      const first = embed('The call before it', longBatch(60));
      await midRun(first.call);
      const controller = new AbortController();
      // As many as there may be workers: the last one waits.
      const between = embed('Another', longBatch(60));
      const waiting = embed('A call in the queue', 'hello world', controller.signal);
      controller.abort();
      await Promise.all([strike(), first.value, between.value, waiting.value]);
    },
  },
  {
    id: 'abort-step',
    flag: 'Aborted',
    story:
      'Each text of the batch is a step of its own. The call rejected at once, and the worker stopped before the next step: it goes on with other calls, warm as it is.',
    async run({ embed, midRun, strike }) {
      const controller = new AbortController();
      const { call, value } = embed('A batch of 400 texts', longBatch(400), controller.signal);
      await midRun(call);
      controller.abort();
      await Promise.all([strike(), value]);
    },
  },
  {
    id: 'abort-within',
    flag: 'Aborted',
    story:
      'A single computation of minutes: while it lasts, a worker hears no message. The call rejected at once, and soon after there was a worker for the next one.',
    async run({ embed, midRun, strike, note }) {
      const controller = new AbortController();
      const { call, value } = embed('One step of minutes', endlessStep, controller.signal);
      await midRun(call);
      await pause(secondThoughtsMs);
      controller.abort();
      await Promise.all([strike(), value]);
      if (call.abort === 'terminated')
        note(
          'It could not be reached within its computation, so after 150 ms it was ended and another took its place.',
        );
    },
  },
];
