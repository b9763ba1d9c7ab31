import type { Task } from '../protocol/task-map.ts';
import type { TaskDefinition } from './task-definition.ts';
import { automaticSpeechRecognition } from './tasks/automatic-speech-recognition.ts';
import { audioClassification } from './tasks/audio-classification.ts';
import { backgroundRemoval } from './tasks/background-removal.ts';
import { depthEstimation } from './tasks/depth-estimation.ts';
import { documentQuestionAnswering } from './tasks/document-question-answering.ts';
import { featureExtraction } from './tasks/feature-extraction.ts';
import { fillMask } from './tasks/fill-mask.ts';
import { imageClassification } from './tasks/image-classification.ts';
import { imageFeatureExtraction } from './tasks/image-feature-extraction.ts';
import { imageSegmentation } from './tasks/image-segmentation.ts';
import { imageToImage } from './tasks/image-to-image.ts';
import { imageToText } from './tasks/image-to-text.ts';
import { objectDetection } from './tasks/object-detection.ts';
import { questionAnswering } from './tasks/question-answering.ts';
import { reranking } from './tasks/reranking.ts';
import { sentenceSimilarity } from './tasks/sentence-similarity.ts';
import { summarization } from './tasks/summarization.ts';
import { text2textGeneration } from './tasks/text2text-generation.ts';
import { textClassification } from './tasks/text-classification.ts';
import { textGeneration } from './tasks/text-generation.ts';
import { textToAudio } from './tasks/text-to-audio.ts';
import { tokenClassification } from './tasks/token-classification.ts';
import { translation } from './tasks/translation.ts';
import { voiceActivityDetection } from './tasks/voice-activity-detection.ts';
import { zeroShotAudioClassification } from './tasks/zero-shot-audio-classification.ts';
import { zeroShotClassification } from './tasks/zero-shot-classification.ts';
import { zeroShotImageClassification } from './tasks/zero-shot-image-classification.ts';
import { zeroShotObjectDetection } from './tasks/zero-shot-object-detection.ts';

/** Every task. A new one is its file in `tasks/`, its test, a line here and one in `task-files.ts`, and its types in `TaskMap`. */
export const registry: Readonly<Record<Task, TaskDefinition>> = {
  'audio-classification': audioClassification,
  'automatic-speech-recognition': automaticSpeechRecognition,
  'background-removal': backgroundRemoval,
  'depth-estimation': depthEstimation,
  'document-question-answering': documentQuestionAnswering,
  'feature-extraction': featureExtraction,
  'fill-mask': fillMask,
  'image-classification': imageClassification,
  'image-feature-extraction': imageFeatureExtraction,
  'image-segmentation': imageSegmentation,
  'image-to-image': imageToImage,
  'image-to-text': imageToText,
  'object-detection': objectDetection,
  'question-answering': questionAnswering,
  reranking,
  'sentence-similarity': sentenceSimilarity,
  summarization,
  'text-classification': textClassification,
  'text-generation': textGeneration,
  'text-to-audio': textToAudio,
  'text2text-generation': text2textGeneration,
  'token-classification': tokenClassification,
  translation,
  'voice-activity-detection': voiceActivityDetection,
  'zero-shot-audio-classification': zeroShotAudioClassification,
  'zero-shot-classification': zeroShotClassification,
  'zero-shot-image-classification': zeroShotImageClassification,
  'zero-shot-object-detection': zeroShotObjectDetection,
};
