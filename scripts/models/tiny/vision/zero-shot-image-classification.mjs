// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { clipTokenizer, clipTokenizerConfiguration, clipVocabularySize } from './clip-tokenizer.mjs';
import { imageProcessor } from './image-processor.mjs';
import { encodeTexts } from './text-tower.mjs';
import { createUnigram, createUnigramConfiguration } from './unigram.mjs';
import { VisionGraph, hiddenSize } from './vision-graph.mjs';

const imageSize = 32;
const patchSize = 8;
const clipSeed = 503;

const unigram = createUnigram({
  words: 'a an the this is photo of picture cat dog cup coffee person rocket page text red green blue'.split(' '),
  template: ['$A', '</s>'],
});

/**
 * A CLIP (https://arxiv.org/abs/2103.00020): the texts share the probability.
 *
 * @type {import('../tiny-model.mjs').TinyModel}
 */
export const tinyZeroShotImageClassification = {
  id: 'insitu/tiny-zero-shot-image-classification',
  task: 'zero-shot-image-classification',
  files: () => ({
    'config.json': { architectures: ['CLIPModel'], model_type: 'clip', projection_dim: hiddenSize },
    'preprocessor_config.json': imageProcessor('CLIPImageProcessor', {
      crop_size: { height: imageSize, width: imageSize },
      do_center_crop: true,
      resample: 3,
      size: { shortest_edge: imageSize },
    }),
    'tokenizer.json': clipTokenizer,
    'tokenizer_config.json': clipTokenizerConfiguration,
    'onnx/model.onnx': encodeModel({ seed: clipSeed, vocabularySize: clipVocabularySize, hasMask: true, bias: 0 }),
    // What image-feature-extraction takes.
    'onnx/vision_model.onnx': encodeVisionModel(clipSeed),
  }),
};

/**
 * A SigLIP (https://arxiv.org/abs/2303.15343): each text has a probability of its own, and all texts have the same length.
 *
 * @type {import('../tiny-model.mjs').TinyModel}
 */
export const tinyZeroShotImageClassificationSiglip = {
  id: 'insitu/tiny-zero-shot-image-classification-siglip',
  task: 'zero-shot-image-classification',
  files: () => ({
    'config.json': { architectures: ['SiglipModel'], model_type: 'siglip' },
    'preprocessor_config.json': imageProcessor('SiglipImageProcessor', {
      size: { height: imageSize, width: imageSize },
    }),
    'tokenizer.json': unigram.tokenizer,
    'tokenizer_config.json': createUnigramConfiguration('SiglipTokenizer', 24),
    'onnx/model.onnx': encodeModel({ seed: 110, vocabularySize: unigram.vocabulary.length, hasMask: false, bias: -1 }),
  }),
};

/** @param {{ seed: number, vocabularySize: number, hasMask: boolean, bias: number }} options */
function encodeModel({ seed, bias, ...options }) {
  const graph = new VisionGraph(seed);
  const images = encodeImages(graph);
  const texts = encodeTexts(graph, options);
  const likeness = graph.node('MatMul', [images, graph.node('Transpose', [texts], { perm: [1, 0] })]);
  const logits = graph.node('Add', [graph.node('Mul', [likeness, graph.float(8)]), graph.float(bias)]);
  const transposed = graph.node('Transpose', [logits], { perm: [1, 0] });
  graph.output('logits_per_image', elementType.float, ['batch_size', 'text_batch_size'], logits);
  graph.output('logits_per_text', elementType.float, ['text_batch_size', 'batch_size'], transposed);
  graph.output('text_embeds', elementType.float, ['text_batch_size', hiddenSize], texts);
  graph.output('image_embeds', elementType.float, ['batch_size', hiddenSize], images);
  return graph.encodeTiny('tiny-zero-shot-image-classification');
}

/** @param {number} seed */
function encodeVisionModel(seed) {
  const graph = new VisionGraph(seed);
  graph.output('image_embeds', elementType.float, ['batch_size', hiddenSize], encodeImages(graph));
  return graph.encodeTiny('tiny-zero-shot-image-classification-vision');
}

/** @param {VisionGraph} graph */
function encodeImages(graph) {
  const pooled = graph.pool('pooler', graph.encodeImage(graph.pixelValues(), patchSize));
  return graph.project('image_projection', pooled);
}
