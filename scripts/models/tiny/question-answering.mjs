// @ts-check
import { elementType } from '../onnx-writer.mjs';
import { createBertFiles, hiddenSize } from './bert.mjs';

/** @type {import('./tiny-model.mjs').TinyModel} */
export const tinyQuestionAnswering = {
  id: 'insitu/tiny-question-answering',
  task: 'question-answering',
  files: () =>
    createBertFiles({
      architecture: 'BertForQuestionAnswering',
      seed: 102,
      addHead(graph, hidden) {
        const logits = graph.dense('qa_outputs', hidden, hiddenSize, 2, 8);
        for (const [index, name] of ['start_logits', 'end_logits'].entries()) {
          const ofName = graph.node('Gather', [logits, graph.integer(index)], { axis: 2 });
          graph.output(name, elementType.float, ['batch_size', 'sequence_length'], ofName);
        }
      },
    }),
};
