// @ts-check
import { tinyAudioClassification } from './audio-classification.mjs';
import { tinySpeechRecognition } from './speech-recognition.mjs';
import { tinyTextToSpeech } from './text-to-speech.mjs';
import { tinyZeroShotAudioClassification } from './zero-shot-audio-classification.mjs';

/** @type {readonly import('../tiny-model.mjs').TinyModel[]} */
export const audioModels = Object.freeze([
  tinyAudioClassification,
  tinySpeechRecognition,
  tinyTextToSpeech,
  tinyZeroShotAudioClassification,
]);
