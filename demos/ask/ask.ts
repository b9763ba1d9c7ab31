import { type Answer, isInsituError, type Pipeline, pipeline } from 'insitu';
import { describeFailure, hideFailure, showFailure } from '../shared/failure-notice.ts';
import { formatBytes } from '../shared/format.ts';
import { createLatestOnly } from '../shared/latest-only.ts';
import { startModelOnPage } from '../shared/model-on-page.ts';
import { createModelPicker } from '../shared/model-picker.ts';
import { element, part } from '../shared/parts.ts';
import { createReadingView } from '../shared/reading-view.ts';
import { revealCurrentPage } from '../shared/site-nav.ts';
import { createTextIndex, type TextIndex } from '../shared/text-index.ts';
import { connectTextInput } from '../shared/text-input.ts';
import { connectThemeToggle } from '../shared/theme-toggle.ts';
import { createWorkLine } from '../shared/work-line.ts';
import { answerModels } from './answer-models.ts';
import { createAnswerView } from './answer-view.ts';
import { createDocumentView } from './document-view.ts';
import { findAnswers, type FoundAnswer } from './find-answers.ts';
import { sampleDocument, sampleQuestions } from './sample-document.ts';
import { type Passage, splitDocument } from './split-document.ts';

const modelName = 'all-MiniLM-L6-v2';
const passagesShown = 4;
/** Passages that a model for answers reads: each costs it a run. */
const passagesRead = 3;
/** Milliseconds of rest after a keystroke before a question is asked. */
const restTime = 200;

interface Reply {
  answers: FoundAnswer[];
  sureness?: number;
}

const questionInput = part(document, 'query', HTMLInputElement);
const runFailure = part(document, 'run-failure', HTMLElement);
const spoken = part(document, 'spoken', HTMLElement);

let index: TextIndex<{ text: string }> | undefined;
let answerer: Pipeline<'question-answering'> | undefined;
let passages: Passage[] = [];
let total = 0;
let isRead = false;

const documentView = createDocumentView();
const answerView = createAnswerView(documentView.point);

/** Replaces the nearest sentence by the very words, where a model for answers finds some. */
async function readAnswers(question: string, found: FoundAnswer[], signal: AbortSignal): Promise<Reply> {
  const read = found.slice(0, passagesRead);
  const replies: Answer[] = await answerer!(
    read.map(() => question),
    read.map(({ passage }) => passages[passage]!.text),
    { signal },
  );
  const answers = read.map((each, at) => ({ ...each, start: replies[at]!.start, end: replies[at]!.end }));
  const order = [...replies.keys()].sort((one, other) => replies[other]!.score - replies[one]!.score);
  return {
    answers: [...order.map((at) => answers[at]!), ...found.slice(passagesRead)],
    sureness: replies[order[0]!]!.score,
  };
}

const asking = createLatestOnly<string, Reply>(
  async (question, signal) => {
    const { scores } = await index!.search(question, signal);
    const known = new Map(index!.passages.map(({ text }, at) => [text, scores[at]!]));
    const answers = findAnswers(passages, (text) => known.get(text) ?? -1, passagesShown);
    return answerer && answers.length > 0 ? readAnswers(question, answers, signal) : { answers };
  },
  {
    done({ answers, sureness }, question, milliseconds) {
      hideFailure(runFailure);
      page.record(milliseconds);
      answerView.show(question, answers, passages, sureness);
      const [best] = answers;
      spoken.textContent = best ? passages[best.passage]!.text.slice(best.start, best.end) : '';
    },
    failed(thrown, question) {
      showFailure(runFailure, describeFailure(thrown, isInsituError), () => asking.request(question));
    },
  },
);

const ask = (): void => {
  const question = questionInput.value.trim();
  if (question !== '' && index && isRead && passages.length > 0) return asking.request(question);
  asking.cancel();
  if (question !== '') return;
  answerView.clear();
  documentView.point(undefined);
};

const reader = createLatestOnly<{ text: string }[], void>(
  (pieces, signal) => index!.read(pieces, (done) => readingView.reading(done, pieces.length), signal),
  {
    done(_, pieces, milliseconds) {
      hideFailure(runFailure);
      isRead = true;
      readingView.done(pieces.length, pieces.length, milliseconds);
      ask();
    },
    failed(thrown) {
      readingView.failed();
      showFailure(runFailure, describeFailure(thrown, isInsituError), read);
    },
  },
);

/** Passages and their sentences, each text once. */
const piecesOf = (given: readonly Passage[]): { text: string }[] =>
  [...new Set(given.flatMap(({ text, sentences }) => [text, ...sentences.map((sentence) => sentence.text)]))].map(
    (text) => ({ text }),
  );

const read = (): void => {
  isRead = false;
  asking.cancel();
  const pieces = piecesOf(passages);
  if (index) reader.request(pieces);
  else readingView.waiting(pieces.length);
};

const readingView = createReadingView(() => {
  reader.cancel();
  // What was read can be asked.
  isRead = true;
  readingView.stopped(index?.passages.length ?? 0, piecesOf(passages).length);
  ask();
}, 'piece');

const page = startModelOnPage({
  name: () => `${modelName}, q8`,
  load: (options) => pipeline('feature-extraction', `/models/insitu/${modelName}/`, { ...options, dtype: 'q8' }),
  isInsituError,
  onReady(embed) {
    index = createTextIndex((texts, options) => embed(texts, options));
    read();
  },
  onGone() {
    reader.cancel();
    asking.cancel();
    index = undefined;
  },
});

const work = createWorkLine(part(document, 'answerer-work', HTMLElement));

const loadAnswerer = async (): Promise<void> => {
  work.cancel();
  work.clear();
  const before = answerer;
  answerer = undefined;
  await before?.dispose();
  const { reference, name } = picker.chosen;
  if (reference === '') return ask();
  const end = await work.run(
    `Loading ${name}`,
    ({ signal, show }) =>
      pipeline('question-answering', reference, {
        signal,
        onProgress: ({ loaded, total: all }) =>
          show(all > 0 ? loaded / all : 0, `${formatBytes(loaded)} of ${formatBytes(Math.max(all, loaded))}`),
      }),
    () => void loadAnswerer(),
  );
  if (end.state === 'cancelled') return work.say('Not loaded: the closest sentence answers.');
  if (end.state === 'failed') return;
  if (reference !== picker.chosen.reference) return void end.value.dispose();
  answerer = end.value;
  work.say('Ready: it marks the very words that answer.', 'good');
  ask();
};

const picker = createModelPicker(
  answerModels,
  (other) => other,
  () => void loadAnswerer(),
);

let resting: ReturnType<typeof setTimeout> | undefined;
questionInput.addEventListener('input', () => {
  clearTimeout(resting);
  resting = setTimeout(ask, restTime);
});
part(document, 'query-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(resting);
  ask();
});
part(document, 'suggestions', HTMLElement).append(
  ...sampleQuestions.map((question) => {
    const button = element('button', 'suggestion', question);
    button.type = 'button';
    button.addEventListener('click', () => {
      questionInput.value = question;
      ask();
    });
    return button;
  }),
);

let isUntouched = true;
connectTextInput(sampleDocument, (text, isSample) => {
  part(document, 'suggestions', HTMLElement).hidden = !isSample;
  if (isUntouched) questionInput.value = sampleQuestions[0] ?? '';
  else if (!isSample) questionInput.value = '';
  isUntouched = false;
  ({ passages, total } = splitDocument(text));
  part(document, 'document-note', HTMLElement).textContent =
    total > passages.length ? `the first ${passages.length} of ${total} passages` : '';
  answerView.clear();
  documentView.show(passages);
  read();
});
if (picker.chosen.reference !== '') void loadAnswerer();
connectThemeToggle();
revealCurrentPage();
