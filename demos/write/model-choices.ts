import type { ModelChoice } from '../shared/model-picker.ts';

export interface WritingModel extends ModelChoice {
  /** Whether it has a chat template. Of a model that the page does not know, only a try can tell. */
  chats: boolean;
}

export const writingModels: readonly WritingModel[] = [
  {
    name: 'A toy, from this site (0.1 MB)',
    reference: '/models/insitu/tiny-text-generation/',
    note: 'Its weights are random: it writes nonsense, in the way a real model writes. For words with a meaning choose one of the others.',
    chats: true,
  },
  {
    name: 'SmolLM2 135M Instruct, from the Hub (140 MB)',
    reference: 'onnx-community/SmolLM2-135M-Instruct-ONNX',
    note: 'Small, and made for conversation. Fetched once from huggingface.co, then kept by this browser.',
    chats: true,
  },
  {
    name: 'DistilGPT-2, from the Hub (85 MB)',
    reference: 'Xenova/distilgpt2',
    note: 'Goes on with any text, and cannot chat. Fetched once from huggingface.co, then kept by this browser.',
    chats: false,
  },
];
