// @ts-check
import { readCount } from '../pairs.mjs';
import { mixedTexts } from '../start/texts.mjs';
import { taskBench } from './task-bench.mjs';

const model = 'insitu/all-MiniLM-L6-v2';

export const bench = taskBench({
  page: 'embed',
  calls: 1,
  pairs: 5,
  own: {
    usage: `  --texts <count>  How many sentences. Default 1000.
  --chunk <count>  Sentences of one call in transformers.js's batch. Default: all of them.
`,
    options: { texts: { type: 'string', default: '1000' }, chunk: { type: 'string' } },
  },
  figures: [
    { label: 'beside one batch call', insitu: 'insitu', transformers: 'transformers.js, batch', target: 0.45 },
    { label: 'beside one by one', insitu: 'insitu', transformers: 'transformers.js, one by one', target: 0.95 },
    { label: 'replicas beside the batch', insitu: 'insitu, replicas', transformers: 'transformers.js, batch' },
    { label: 'replicas beside one by one', insitu: 'insitu, replicas', transformers: 'transformers.js, one by one' },
  ],
  prepare({ models }, options) {
    const count = readCount('texts', options['texts']);
    const chunk = options['chunk'] === undefined ? count : readCount('chunk', options['chunk']);
    const texts = mixedTexts(count);
    return {
      given: { model, texts, chunk },
      notes: [
        `${model} q8, ${count} texts; transformers.js's batch: ${chunk < count ? `calls of ${chunk}` : 'one call'}`,
      ],
      mounts: [{ prefix: '/models/', directory: models }],
    };
  },
});
