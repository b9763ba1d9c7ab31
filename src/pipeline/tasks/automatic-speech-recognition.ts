import { ofType, oneOf } from '../../errors/check-options.ts';
import type { Transcript } from '../../protocol/tasks/audio-tasks.ts';
import { audioOf } from '../inputs/audio-inputs.ts';
import { engineTask } from '../engine-task.ts';
import { decodingChecks, notNegative } from '../option-checks.ts';
import { writeEach } from '../writing/write-each.ts';
import { writeText } from '../writing/written-text.ts';

/** Seconds that whisper hears at once. */
const window = 30;

/** What is said in a recording. */
export const automaticSpeechRecognition = engineTask({
  name: 'automatic-speech-recognition',
  takes: 'audio',
  options: {
    ...decodingChecks,
    returnTimestamps: oneOf(true, false, 'word'),
    chunkLengthS: notNegative,
    strideLengthS: notNegative,
    forceFullSequences: ofType('boolean'),
    language: ofType('string'),
    task: oneOf('transcribe', 'translate'),
  },
  run: (engine, [input], options, context) =>
    writeEach(input, context, async (each, own) => {
      const audio = await audioOf(each, engine, own);
      // transformers.js would leave out what comes after the first window.
      const chunks = audio.length > window * engine.sampleRate! && { chunkLengthS: window };
      const written = await writeText(engine, [audio], { ...chunks, ...options }, own, (value) => value as Transcript);
      // Models that spell letters write everything at once, and no token.
      const spelled = own.streaming && 'usage' in written && written.usage.completionTokens === 0;
      if (spelled) own.emit(written.output.text);
      return written;
    }),
});
