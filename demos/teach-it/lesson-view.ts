import type { TrainedClassifier, TrainingProgress } from 'insitu';
import { countOf, formatDuration } from '../shared/format.ts';
import { element, part, shape } from '../shared/parts.ts';

type Classifier = TrainedClassifier<'text-classification'>;

const lessonsShown = 24;
const step = 10;
const height = 32;

export interface LessonView {
  waiting(words: string): void;
  progress(progress: TrainingProgress): void;
  stopped(): void;
  failed(): void;
  show(classifier: Classifier, examples: number, milliseconds?: number): void;
}

const stages: Record<TrainingProgress['stage'], string> = { embed: 'Reading the examples', fit: 'Learning' };
const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** What a training came to: the part of held-out examples that it got right, which were taken for which, and how that went on. */
export function createLessonView(): LessonView {
  const status = part(document, 'lesson-status', HTMLElement);
  const fill = part(document, 'lesson-fill', HTMLElement);
  const accuracy = part(document, 'accuracy', HTMLElement);
  const note = part(document, 'accuracy-note', HTMLElement);
  const history = part(document, 'history', SVGSVGElement);
  const confusion = part(document, 'confusion', HTMLTableElement);
  history.setAttribute('viewBox', `0 0 ${lessonsShown * step} ${height}`);
  const lessons: number[] = [];

  const say = (state: string, words: string, share: number): void => {
    status.dataset.state = state;
    status.textContent = words;
    fill.style.transform = `scaleX(${share})`;
  };

  const drawHistory = (): void =>
    history.replaceChildren(
      ...lessons.slice(-lessonsShown).map((lesson, at) => {
        const tall = Math.max(2, lesson * height);
        return shape('rect', { x: at * step, y: height - tall, width: step - 3, height: tall });
      }),
    );

  const drawConfusion = ({ labels, confusion: rows }: Classifier): void => {
    const head = element('tr', '');
    head.append(element('td', ''), ...labels.map((label) => heading(label, 'col')));
    confusion.tHead!.replaceChildren(head);
    confusion.tBodies[0]!.replaceChildren(
      ...(rows ?? []).map((counts, row) => {
        const line = element('tr', '');
        line.append(
          heading(labels[row]!, 'row'),
          ...counts.map((count, column) => {
            const cell = element('td', count === 0 ? '' : row === column ? 'is-right' : 'is-wrong', String(count));
            return cell;
          }),
        );
        return line;
      }),
    );
    confusion.hidden = !rows;
  };
  const heading = (text: string, scope: 'col' | 'row'): HTMLElement => {
    const cell = element('th', '', text);
    cell.scope = scope;
    return cell;
  };

  return {
    waiting: (words) => say('waiting', words, 0),
    progress: ({ stage, done, total }) =>
      say('training', `${stages[stage]}, ${done} of ${total}`, total === 0 ? 0 : done / total),
    stopped: () => say('stopped', 'Stopped; what was learned before still answers', 0),
    failed: () => say('failed', 'Not learned', 0),
    show(classifier, examples, milliseconds) {
      const { accuracy: share, confusion: rows } = classifier;
      const taken =
        milliseconds === undefined
          ? 'Loaded'
          : `Learned from ${countOf(examples, 'example')} in ${formatDuration(milliseconds)}`;
      say('done', taken, 1);
      accuracy.textContent = share === undefined ? '–' : percent(share);
      const held = rows?.flat().reduce((sum, count) => sum + count, 0) ?? 0;
      note.textContent =
        share === undefined
          ? 'Five examples of each label, and some are held out to try it on.'
          : `of ${countOf(held, 'example')} held out, which it had not seen`;
      if (share !== undefined) {
        lessons.push(share);
        drawHistory();
      }
      drawConfusion(classifier);
    },
  };
}
