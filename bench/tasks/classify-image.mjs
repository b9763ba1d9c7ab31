// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { taskBench } from './task-bench.mjs';

const real = 'mobilenet_v2_1.0_224';
const tiny = 'insitu/tiny-image-classification-crop';

export const bench = taskBench({
  page: 'classify-image',
  calls: 7,
  pairs: 7,
  figures: [
    { label: 'from a Blob', insitu: 'insitu, Blob', transformers: 'transformers.js, Blob', target: 0.8 },
    { label: 'from a URL', insitu: 'insitu, URL', transformers: 'transformers.js, URL', target: 0.8 },
    {
      label: 'from a Blob of 12 megapixels',
      insitu: 'insitu, large Blob',
      transformers: 'transformers.js, large Blob',
    },
  ],
  prepare({ models, shared }) {
    const sharedModels = join(shared, 'models/image-classification');
    const images = join(shared, 'images');
    const found = existsSync(join(sharedModels, real)) && existsSync(join(images, 'chelsea.png'));
    return {
      given: {
        model: found ? real : tiny,
        dtype: found ? 'q8' : 'fp32',
        image: found ? '/images/chelsea.png' : '/images/chelsea.jpg',
      },
      notes: [
        found
          ? `${real} q8, chelsea.png of 451 x 300 pixels`
          : `${shared} lacks ${real} or chelsea.png: ${tiny} on chelsea.jpg instead, where the model is next to nothing.`,
      ],
      mounts: [
        { prefix: '/models/', directory: found ? sharedModels : models },
        {
          prefix: '/images/',
          directory: found ? images : fileURLToPath(new URL('../../demos/public/images', import.meta.url)),
        },
      ],
    };
  },
});
