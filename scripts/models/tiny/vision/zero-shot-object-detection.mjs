// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { clipTokenizer, clipTokenizerConfiguration, clipVocabularySize } from './clip-tokenizer.mjs';
import { imageProcessor } from './image-processor.mjs';
import { encodeTexts } from './text-tower.mjs';
import { VisionGraph, hiddenSize } from './vision-graph.mjs';

const imageSize = 48;
const patchSize = 8;
const boxCount = (imageSize / patchSize) ** 2;

/**
 * An OWL-ViT (https://arxiv.org/abs/2205.06230): each piece of the image has a box and is compared with each text.
 *
 * @type {import('../tiny-model.mjs').TinyModel}
 */
export const tinyZeroShotObjectDetection = {
  id: 'insitu/tiny-zero-shot-object-detection',
  task: 'zero-shot-object-detection',
  files: () => ({
    'config.json': { architectures: ['OwlViTForObjectDetection'], model_type: 'owlvit', projection_dim: hiddenSize },
    'preprocessor_config.json': {
      ...imageProcessor('OwlViTImageProcessor', { resample: 3, size: { height: imageSize, width: imageSize } }),
      processor_class: 'OwlViTProcessor',
    },
    'tokenizer.json': clipTokenizer,
    'tokenizer_config.json': { ...clipTokenizerConfiguration, model_max_length: 16 },
    'onnx/model.onnx': encodeModel(),
  }),
};

function encodeModel() {
  const graph = new VisionGraph(512);
  const map = graph.patches('patches', graph.pixelValues(), patchSize);
  const coordinates = graph.coordinates(map);
  const pieces = graph.selfAttention('encoder', graph.tokens(map, coordinates));
  const images = graph.project('image_projection', pieces);
  const texts = encodeTexts(graph, { vocabularySize: clipVocabularySize, hasMask: true });
  const likeness = graph.node('MatMul', [images, graph.node('Transpose', [texts], { perm: [1, 0] })]);
  const logits = graph.node('Add', [graph.node('Mul', [likeness, graph.float(12)]), graph.float(-8)]);
  graph.output('logits', elementType.float, ['batch_size', boxCount, 'text_batch_size'], logits);

  const shifts = graph.node('Mul', [
    graph.node('Tanh', [graph.dense('shifts', pieces, hiddenSize, 2)]),
    graph.float(0.1),
  ]);
  const sizes = graph.node('Sigmoid', [graph.dense('sizes', pieces, hiddenSize, 2)]);
  const boxes = graph.node('Concat', [graph.node('Add', [shifts, coordinates]), sizes], { axis: -1 });
  graph.output('pred_boxes', elementType.float, ['batch_size', boxCount, 4], boxes);
  graph.output('text_embeds', elementType.float, ['text_batch_size', hiddenSize], texts);
  return graph.encodeTiny('tiny-zero-shot-object-detection');
}
