import { describeSource } from '../shared/byte-source.ts';
import { connectFilePicker } from '../shared/file-drop.ts';
import { formatBytes, formatDuration } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';
import { loadAnsweringModel, questions, showAnswer } from './answers.ts';
import { describeLoad } from './model-actions.ts';
import { type AnsweringTask, taskOfConfig } from './model-facts.ts';
import { createWorkLine, setIdle } from '../shared/work-line.ts';

async function findTask(files: readonly File[]): Promise<AnsweringTask> {
  const config = files.find(({ name }) => name === 'config.json');
  try {
    return taskOfConfig(JSON.parse((await config?.text()) ?? 'null'));
  } catch {
    // What is wrong with the file, the load says better.
    return 'feature-extraction';
  }
}

/** Loads a model from a folder of the visitor's disk, asks it once, and lets go of it. */
export function connectDiskModel(): void {
  const pick = part(document, 'disk-pick', HTMLButtonElement);
  const place = part(document, 'disk-work', HTMLElement);
  const work = createWorkLine(place, (busy) => setIdle(pick, busy));
  const answerPlace = element('div', 'answer disk-answer');
  answerPlace.dataset.testid = 'disk-answer';
  place.append(answerPlace);

  const take = async (files: readonly File[]): Promise<void> => {
    if (work.busy) return;
    answerPlace.replaceChildren();
    const startedAt = performance.now();
    const end = await work.run(
      'Reading the folder',
      async ({ signal, show }) => {
        const task = await findTask(files);
        let read = 0;
        const model = await loadAnsweringModel(task, files, {
          signal,
          onProgress(event) {
            read = event.loaded;
            show(event.progress, describeLoad(event));
          },
        });
        try {
          await model.prepare(signal);
          return { answer: await model.answer(questions[task], signal), question: questions[task], read };
        } finally {
          await model.dispose();
        }
      },
      () => void take(files),
    );
    if (end.state === 'cancelled') work.say('Stopped.');
    if (end.state !== 'done') return;
    const { answer, question, read } = end.value;
    work.say(
      `${describeSource('disk')}, ${formatBytes(read)}, not stored again. “${question}” answered in ${formatDuration(performance.now() - startedAt)}, load included.`,
      'good',
    );
    showAnswer(answerPlace, answer, 1);
  };

  connectFilePicker(pick, part(document, 'disk-files', HTMLInputElement), (files) => void take(files));
}
