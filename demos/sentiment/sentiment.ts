import { describeFailure, hideFailure, showFailure } from '../shared/failure-notice.ts';
import { countOf, formatDuration } from '../shared/format.ts';
import { createLatestOnly } from '../shared/latest-only.ts';
import { startModelOnPage } from '../shared/model-on-page.ts';
import { element, part } from '../shared/parts.ts';
import { revealCurrentPage } from '../shared/site-nav.ts';
import { connectThemeToggle } from '../shared/theme-toggle.ts';
import { exampleTexts } from './example-texts.ts';
import { createGauge } from './gauge.ts';
import { isInsituError, loadInsitu } from './insitu-global.ts';
import { createToneReader, percentOf, polarityOf, type ToneReader, type ToneReading } from './read-tone.ts';
import { createSentenceTones } from './sentence-tones.ts';

const modelName = 'all-MiniLM-L6-v2-sst2';
/** Milliseconds of rest before the score is spoken: a screen reader should not talk over every keystroke. */
const speakAfter = 900;

interface Keystroke {
  text: string;
  /** When the key went down, on the clock of `performance.now()`; `undefined` where the text came without one. */
  at?: number;
}

const input = part(document, 'text', HTMLTextAreaElement);
const runFailure = part(document, 'run-failure', HTMLElement);
const keystroke = part(document, 'keystroke', HTMLElement);
const batch = part(document, 'batch', HTMLElement);
const spoken = part(document, 'spoken', HTMLElement);
const gauge = createGauge();
const sentenceTones = createSentenceTones();

let reader: ToneReader | undefined;
let speaking: ReturnType<typeof setTimeout> | undefined;

const speak = (words: string): void => {
  clearTimeout(speaking);
  speaking = setTimeout(() => (spoken.textContent = words), speakAfter);
};

const reading = createLatestOnly<Keystroke, ToneReading>(({ text }, signal) => reader!.read(text, signal), {
  done({ positive, sentences, read }, { text, at }, milliseconds) {
    hideFailure(runFailure);
    gauge.show(positive);
    sentenceTones.show(text, sentences);
    if (at !== undefined) keystroke.textContent = formatDuration(performance.now() - at);
    batch.textContent = read === 0 ? 'nothing new' : countOf(read, 'text');
    if (read > 0) latency.record(milliseconds);
    speak(`${percentOf(positive)} percent ${polarityOf(positive)}, ${countOf(sentences.length, 'sentence')}.`);
  },
  failed(thrown, { text }) {
    showFailure(runFailure, describeFailure(thrown, isInsituError), () => reading.request({ text }));
  },
});

const readText = (at?: number): void => {
  const text = input.value;
  sentenceTones.show(text, reader?.recall(text) ?? []);
  if (reader && text.trim() !== '') return reading.request(at === undefined ? { text } : { text, at });
  reading.cancel();
  clearTimeout(speaking);
  gauge.show(undefined);
};

const latency = startModelOnPage({
  name: () => `${modelName}, q8`,
  load: async (options) =>
    (await loadInsitu()).pipeline('text-classification', `/models/insitu/${modelName}/`, { ...options, dtype: 'q8' }),
  isInsituError,
  onReady(classify) {
    reader = createToneReader(classify);
    readText();
  },
  onGone() {
    reading.cancel();
    reader = undefined;
  },
});

// The time stamp of the event is when the key went down, before anything of this page ran.
input.addEventListener('input', (event) => readText(event.timeStamp));

part(document, 'examples', HTMLElement).append(
  ...exampleTexts.map(({ name, text }) => {
    const button = element('button', 'button', name);
    button.type = 'button';
    button.addEventListener('click', () => {
      input.value = text;
      readText();
    });
    return button;
  }),
);

input.value = exampleTexts[0]?.text ?? '';
readText();
connectThemeToggle();
revealCurrentPage();
