import { isInsituError, type Pipeline, pipeline } from 'insitu';
import { describeFailure, hideFailure, showFailure } from '../shared/failure-notice.ts';
import { formatDuration } from '../shared/format.ts';
import { createLatestOnly } from '../shared/latest-only.ts';
import { startModelOnPage } from '../shared/model-on-page.ts';
import { part } from '../shared/parts.ts';
import { revealCurrentPage } from '../shared/site-nav.ts';
import { connectThemeToggle } from '../shared/theme-toggle.ts';
import { onPress, setIdle } from '../shared/work-line.ts';
import { connectDownloads } from './downloads.ts';
import { createPlayer } from './player.ts';
import { readSpeech, type SpeechOptions } from './read-speech.ts';
import { peaksOf, type Samples, sampleRate } from './sound.ts';
import { connectSoundSources } from './sound-sources.ts';
import { formatTime } from './timeline.ts';
import { createTranscriptView } from './transcript-view.ts';
import { createWaveform } from './waveform.ts';

interface Sound {
  name: string;
  samples: Samples;
}

const modelName = 'whisper-tiny';

const transcriptNote = part(document, 'transcript-note', HTMLElement);
const spoken = part(document, 'spoken', HTMLElement);
const runFailure = part(document, 'run-failure', HTMLElement);
const soundName = part(document, 'sound-name', HTMLElement);
const language = part(document, 'language', HTMLSelectElement);
const toEnglish = part(document, 'to-english', HTMLInputElement);
const stopButton = part(document, 'stop', HTMLButtonElement);
const againButton = part(document, 'again', HTMLButtonElement);

let transcribe: Pipeline<'automatic-speech-recognition'> | undefined;
let sound: Sound | undefined;
let isReading = false;

const durationOf = ({ samples }: Sound): number => samples.length / sampleRate;

const waveform = createWaveform((seconds) => player.seek(seconds));
const player = createPlayer((seconds) => {
  waveform.showTime(seconds);
  view.showTime(seconds);
});
const view = createTranscriptView((seconds) => {
  player.seek(seconds);
  player.play();
});

const show = (): void => {
  setIdle(stopButton, !isReading);
  setIdle(againButton, isReading || !sound || !transcribe);
  downloads.show(view.segments.length > 0);
};
const say = (state: string, words: string): void => {
  transcriptNote.dataset.state = state;
  transcriptNote.textContent = words;
};

const downloads = connectDownloads(
  () => view.segments,
  () => sound?.name ?? 'transcript',
);

const readOptions = (): SpeechOptions => ({
  language: language.value,
  task: toEnglish.checked ? 'translate' : 'transcribe',
});

const reader = createLatestOnly<Sound, void>(
  (given, signal) =>
    readSpeech(transcribe!, given.samples, readOptions(), signal, {
      partial: view.showPartial,
      finished(segments, until) {
        view.add(segments);
        waveform.showRead(until);
        say('reading', `${formatTime(until)} of ${formatTime(durationOf(given))} read`);
        show();
      },
    }),
  {
    done(_, given, milliseconds) {
      isReading = false;
      page.record(milliseconds);
      const pace = (durationOf(given) * 1000) / milliseconds;
      const words = view.segments.length === 0 ? 'No speech was heard' : `${formatTime(durationOf(given))} read`;
      say('done', `${words} in ${formatDuration(milliseconds)}, ${pace.toFixed(1)}× the pace of speech`);
      spoken.textContent = view.segments.map(({ text }) => text).join(' ') || words;
      show();
    },
    failed(thrown) {
      isReading = false;
      view.endPartial();
      say('failed', 'Not read');
      showFailure(runFailure, describeFailure(thrown, isInsituError), read);
      show();
    },
  },
);

const read = (): void => {
  hideFailure(runFailure);
  reader.cancel();
  view.clear();
  waveform.showRead(0);
  spoken.textContent = '';
  isReading = Boolean(sound && transcribe);
  if (!sound) say('empty', '');
  else if (!transcribe) say('waiting', 'Waiting for the model');
  else {
    say('reading', 'Listening …');
    reader.request(sound);
  }
  show();
};

const stop = (): void => {
  if (!isReading) return;
  reader.cancel();
  isReading = false;
  view.endPartial();
  say('stopped', view.segments.length === 0 ? 'Stopped' : 'Stopped; what was read is below');
  show();
};

const sources = connectSoundSources({
  begin() {
    stop();
    player.load(undefined);
    waveform.showEmpty();
    sound = undefined;
    view.clear();
    say('empty', '');
    soundName.textContent = '';
    show();
  },
  level: waveform.pushLevel,
  sound(name, samples) {
    sound = { name, samples };
    soundName.textContent = name;
    player.load(samples);
    waveform.showSound(durationOf(sound), (columns) => peaksOf(samples, columns));
    read();
  },
  none() {
    waveform.showEmpty();
    read();
  },
});

const page = startModelOnPage({
  name: () => `${modelName}, q8`,
  async load(options) {
    const loaded = await pipeline('automatic-speech-recognition', `/models/insitu/${modelName}/`, options);
    // Refused, but it brings what recordings need from the library before requests are counted.
    await loaded(new Float32Array()).catch(() => {});
    return loaded;
  },
  isInsituError,
  onReady(loaded) {
    transcribe = loaded;
    if (sound) read();
    show();
  },
  onGone() {
    stop();
    sources.leave();
    player.pause();
    transcribe = undefined;
    show();
  },
});

onPress(stopButton, stop);
onPress(againButton, read);
language.addEventListener('change', () => {
  if (isReading) read();
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  if (sources.recording) sources.finish();
  else stop();
});

waveform.showEmpty();
player.load(undefined);
show();
connectThemeToggle();
revealCurrentPage();
