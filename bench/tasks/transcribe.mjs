// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BenchError } from '../bench-error.mjs';
import { taskBench } from './task-bench.mjs';

const model = 'insitu/whisper-tiny';
const recording = 'jfk.wav';

export const bench = taskBench({
  page: 'transcribe',
  calls: 1,
  pairs: 7,
  figures: [{ label: 'a recording', insitu: 'insitu', transformers: 'transformers.js', target: 1 }],
  prepare({ models, shared }) {
    if (!existsSync(join(models, model))) throw new BenchError(`${models} lacks ${model}. Run "npm run models" first.`);
    const folder = join(shared, 'audio');
    const found = existsSync(join(folder, recording));
    return {
      given: { model, recording: found ? `/audio/${recording}` : undefined },
      notes: [
        `${model} q8`,
        found ? `${recording}, 11 seconds of speech` : `${shared} lacks ${recording}: 11 seconds of hum instead.`,
      ],
      mounts: [
        { prefix: '/models/', directory: models },
        { prefix: '/audio/', directory: folder },
      ],
    };
  },
});
