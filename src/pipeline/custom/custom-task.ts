import { describe } from '../../errors/check-options.ts';
import { type ErrorCode, InsituError, isInsituError } from '../../errors/insitu-error.ts';
import { audioOf } from '../inputs/audio-inputs.ts';
import { buffersOf, engineTask } from '../engine-task.ts';
import { imageOf } from '../inputs/image-inputs.ts';
import type { TaskDefinition } from '../task-definition.ts';
import type { UntypedTaskModule } from './task-module.ts';

/** A task of the application, with what its own code throws and returns made fit for the way to the page. */
export function customTask(
  name: string,
  { engine, takes = 'text', options = {}, run }: UntypedTaskModule,
): TaskDefinition {
  return engineTask({
    name: engine,
    takes,
    options,
    async run(loaded, [input], given, context) {
      try {
        const value = await run(loaded, input, given, {
          ...context,
          image: (image) => imageOf(image, context),
          audio: (recording) => audioOf(recording, loaded, context),
        });
        // What cannot leave the worker shows here, where it is known whose it is.
        return structuredClone(value, { transfer: buffersOf(value) });
      } catch (error) {
        context.signal.throwIfAborted();
        throw isInsituError(error) ? error : failed(name, error);
      }
    },
  });
}

/** What the code of an application can say of a call without our class. */
const ownCodes: readonly ErrorCode[] = ['INPUT_INVALID', 'OPTION_INVALID', 'MODEL_UNSUPPORTED'];

function failed(name: string, cause: unknown): InsituError {
  const {
    message = String(cause),
    code,
    hint,
  } = (cause ?? {}) as { message?: string; code?: ErrorCode; hint?: string };
  return new InsituError(ownCodes.find((own) => own === code) ?? 'TASK_FAILED', message, {
    hint: hint ?? `It comes from the module of the task ${describe(name)}: see the cause.`,
    cause,
  });
}
