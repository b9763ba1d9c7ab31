import { type Pipeline, pipeline } from 'insitu';
import { element } from '../shared/parts.ts';
import type { AnsweringTask } from './model-facts.ts';
import { type Hit, rankTexts, sentences } from './nearest.ts';

/** A question for each task, to begin with. */
export const questions: Record<AnsweringTask, string> = {
  'feature-extraction': 'gravity moves the ocean',
  'text-classification': 'What a wonderful, moving film.',
};

export type Answer = { kind: 'nearest'; hits: Hit[] } | { kind: 'tone'; label: string; score: number };

/** A loaded model that answers questions in the way of its task. */
export interface AnsweringModel {
  /** Reads what questions are compared with. */
  prepare(signal: AbortSignal): Promise<void>;
  answer(question: string, signal: AbortSignal): Promise<Answer>;
  dispose(): Promise<void>;
}

type Load = Parameters<typeof pipeline>;

const pooled = { pooling: 'mean', normalize: true } as const;

/** Loads a model: one that gives vectors answers with the nearest sentences, one that classifies with its label. */
export async function loadAnsweringModel(
  task: AnsweringTask,
  model: Load[1],
  options: Load[2],
): Promise<AnsweringModel> {
  if (task === 'text-classification') {
    const classify = await pipeline(task, model, options);
    return {
      prepare: async () => {},
      answer: (question, signal) => tone(classify, question, signal),
      dispose: classify.dispose,
    };
  }
  const embed = await pipeline(task, model, options);
  let known: Float32Array | undefined;
  return {
    async prepare(signal) {
      known ??= (await embed(sentences, { ...pooled, signal })).data;
    },
    async answer(question, signal) {
      const { data: vector } = await embed(question, { ...pooled, signal });
      return { kind: 'nearest', hits: rankTexts(vector, known!, sentences) };
    },
    dispose: embed.dispose,
  };
}

async function tone(classify: Pipeline<'text-classification'>, question: string, signal: AbortSignal): Promise<Answer> {
  const [best] = await classify(question, { signal });
  return { kind: 'tone', label: (best?.label ?? 'none').toLowerCase(), score: best?.score ?? 0 };
}

function createScore(score: number): HTMLElement {
  const place = element('span', 'answer-score');
  const bar = element('span', 'answer-bar');
  const fill = element('span', 'answer-fill');
  fill.style.transform = `scaleX(${Math.max(0, Math.min(1, score))})`;
  bar.append(fill);
  place.append(bar, element('span', 'answer-number', score.toFixed(2)));
  return place;
}

/** Shows an answer: the nearest sentences, or a label with how sure it is. */
export function showAnswer(place: HTMLElement, answer: Answer, mostHits = 3): void {
  if (answer.kind === 'tone') {
    const percent = Math.min(99, Math.round(answer.score * 100));
    const label = element('p', 'answer-tone', answer.label);
    label.dataset.tone = answer.label;
    place.replaceChildren(label, element('p', 'answer-sure', `${percent}% sure`));
    return;
  }
  const list = element('ol', 'answer-hits');
  list.append(
    ...answer.hits.slice(0, mostHits).map(({ text, score }) => {
      const item = element('li', 'answer-hit');
      item.append(element('span', 'answer-text', text), createScore(score));
      return item;
    }),
  );
  place.replaceChildren(element('p', 'answer-title', `Nearest of ${sentences.length} sentences`), list);
}
