import {
  isInsituError,
  type LabelScore,
  loadClassifier,
  type Pipeline,
  pipeline,
  trainClassifier,
  type TrainedClassifier,
} from 'insitu';
import { describeFailure, hideFailure, showFailure } from '../shared/failure-notice.ts';
import { connectFileDrop, connectFilePicker } from '../shared/file-drop.ts';
import { createLatestOnly } from '../shared/latest-only.ts';
import { startModelOnPage } from '../shared/model-on-page.ts';
import { part } from '../shared/parts.ts';
import { revealCurrentPage } from '../shared/site-nav.ts';
import { connectThemeToggle } from '../shared/theme-toggle.ts';
import { onPress, setIdle } from '../shared/work-line.ts';
import { createExampleBoard } from './example-board.ts';
import { createLessonView } from './lesson-view.ts';
import { sampleLabels, sampleTrial } from './sample-examples.ts';
import { createTrialView } from './trial-view.ts';

type Classifier = TrainedClassifier<'text-classification'>;
interface Lesson {
  input: string;
  label: string;
}

const modelName = 'all-MiniLM-L6-v2';
/** Milliseconds of rest after a change before it is learned. */
const restTime = 400;
/** Labels with fewer examples cannot be learned. */
const fewest = 2;

const runFailure = part(document, 'run-failure', HTMLElement);
const stopButton = part(document, 'stop', HTMLButtonElement);
const saveButton = part(document, 'save', HTMLButtonElement);

let embed: Pipeline<'feature-extraction'> | undefined;
let classifier: Classifier | undefined;
let resting: ReturnType<typeof setTimeout> | undefined;
let isTraining = false;

const lesson = createLessonView();
const show = (): void => {
  setIdle(stopButton, !isTraining);
  setIdle(saveButton, !classifier);
};

const trying = createLatestOnly<string, LabelScore[]>((text, signal) => classifier!(text, { topK: null, signal }), {
  done(scores, _, milliseconds) {
    page.record(milliseconds);
    const { labels } = classifier!;
    trial.show([...scores].sort((one, other) => labels.indexOf(one.label) - labels.indexOf(other.label)));
  },
  failed(thrown, text) {
    showFailure(runFailure, describeFailure(thrown, isInsituError), () => trying.request(text));
  },
});
const tryIt = (): void => {
  if (classifier && trial.text !== '') return trying.request(trial.text);
  trying.cancel();
  trial.clear();
};
const trial = createTrialView(tryIt, (label, text) => {
  if (text === '') return;
  board.add(label, text);
  trial.set('');
  trying.cancel();
  trial.clear();
  part(document, 'trial', HTMLTextAreaElement).focus();
});

/** What takes the place of the classifier before it; that one is no longer needed. */
const adopt = (next: Classifier | undefined): void => {
  void classifier?.dispose();
  classifier = next;
  show();
  tryIt();
};

const training = createLatestOnly<Lesson[], Classifier>(
  (lessons, signal) =>
    trainClassifier(embed!, lessons, {
      signal,
      onProgress: (progress) => signal.aborted || lesson.progress(progress),
    }),
  {
    done(trained, lessons, milliseconds) {
      isTraining = false;
      hideFailure(runFailure);
      lesson.show(trained, lessons.length, milliseconds);
      adopt(trained);
    },
    failed(thrown) {
      isTraining = false;
      lesson.failed();
      show();
      showFailure(runFailure, describeFailure(thrown, isInsituError), train);
    },
  },
);

const stop = (): void => {
  clearTimeout(resting);
  training.cancel();
  if (isTraining) lesson.stopped();
  isTraining = false;
  show();
};

const train = (): void => {
  clearTimeout(resting);
  training.cancel();
  isTraining = false;
  hideFailure(runFailure);
  const ready = board.labels.filter(({ name, examples }) => name !== '' && examples.length >= fewest);
  if (!embed) lesson.waiting('Waiting for the model');
  else if (new Set(ready.map(({ name }) => name)).size < 2)
    lesson.waiting('Give two labels at least two examples each, and it begins to learn.');
  else {
    isTraining = true;
    training.request(ready.flatMap(({ name, examples }) => examples.map((input) => ({ input, label: name }))));
  }
  show();
};
const board = createExampleBoard(() => {
  clearTimeout(resting);
  resting = setTimeout(train, restTime);
});

const save = (): void => {
  if (!classifier) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(classifier.save());
  link.download = `${classifier.labels.join('-')}.classifier`;
  link.click();
  // The browser has begun by its next task.
  setTimeout(() => URL.revokeObjectURL(link.href));
};

const open = async ([file]: File[]): Promise<void> => {
  if (!file || !embed) return;
  stop();
  hideFailure(runFailure);
  try {
    const loaded = await loadClassifier(embed, file);
    lesson.show(loaded, 0);
    adopt(loaded);
  } catch (thrown) {
    showFailure(runFailure, describeFailure(thrown, isInsituError), () => void open([file]));
  }
};

const page = startModelOnPage({
  name: () => `${modelName}, q8`,
  async load(options) {
    const loaded = await pipeline('feature-extraction', `/models/insitu/${modelName}/`, { ...options, dtype: 'q8' });
    // Refused, but it brings what learning needs from the library before requests are counted.
    await trainClassifier(loaded, []).catch(() => {});
    return loaded;
  },
  isInsituError,
  onReady(loaded) {
    embed = loaded;
    train();
  },
  onGone() {
    stop();
    trying.cancel();
    classifier = undefined;
    embed = undefined;
    show();
  },
});

onPress(stopButton, stop);
onPress(saveButton, save);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') stop();
});
part(document, 'use-sample', HTMLButtonElement).addEventListener('click', () => board.replace(sampleLabels));
part(document, 'start-over', HTMLButtonElement).addEventListener('click', () => {
  adopt(undefined);
  board.replace([
    { name: 'this', examples: [] },
    { name: 'that', examples: [] },
  ]);
});
const take = (files: File[]): void => void open(files);
connectFilePicker(part(document, 'open', HTMLButtonElement), part(document, 'files', HTMLInputElement), take);
connectFileDrop(part(document, 'drop-zone', HTMLElement), take);

board.replace(sampleLabels);
trial.set(sampleTrial);
show();
connectThemeToggle();
revealCurrentPage();
