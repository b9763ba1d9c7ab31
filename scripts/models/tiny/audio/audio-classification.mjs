// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { labelMaps } from '../bert.mjs';
import { createWav2vec2Files, hiddenSize } from './wav2vec2.mjs';

const labels = ['silence', 'speech', 'music', 'noise', 'bell', 'engine'];

/** @type {import('../tiny-model.mjs').TinyModel} */
export const tinyAudioClassification = {
  id: 'insitu/tiny-audio-classification',
  task: 'audio-classification',
  files: () =>
    createWav2vec2Files({
      architecture: 'Wav2Vec2ForSequenceClassification',
      seed: 607,
      configuration: labelMaps(labels),
      addHead(graph, hidden) {
        const mean = graph.node('ReduceMean', [hidden], { axes: [1], keepdims: 0 });
        const logits = graph.dense('classifier', mean, hiddenSize, labels.length, 8);
        graph.output('logits', elementType.float, ['batch_size', labels.length], logits);
      },
    }),
};
