import { hideFailure, showFailure } from '../shared/failure-notice.ts';
import { connectFileDrop, connectFilePicker } from '../shared/file-drop.ts';
import { part } from '../shared/parts.ts';
import { formatTime } from './timeline.ts';
import { describeRefusal, type Recording, startRecording } from './recorder.ts';
import { decodeSound, type Samples } from './sound.ts';

const levelTime = 50;

interface Hearer {
  /** What was there is to go: another recording comes. */
  begin(): void;
  /** Loudness of the recording that goes on, 0..1. */
  level(peak: number): void;
  sound(name: string, samples: Samples): void;
  /** Nothing came of it. */
  none(): void;
}

export interface SoundSources {
  readonly recording: boolean;
  /** Ends the recording and hands it out. */
  finish(): void;
  /** Forgets a recording that goes on. */
  leave(): void;
}

const sampleUrl = './sample.wav';
/** Asked for at once: what is asked for later, the page counts as a request. */
const fetchSample = async (): Promise<Blob> => {
  const response = await fetch(sampleUrl);
  if (!response.ok) throw new Error(`The sample could not be had: the server answered ${response.status}.`);
  return response.blob();
};

/** Where recordings come from: the microphone, a file, the sample. */
export function connectSoundSources(hearer: Hearer): SoundSources {
  const zone = part(document, 'drop-zone', HTMLElement);
  const record = part(zone, 'record', HTMLButtonElement);
  const recordWords = part(record, 'record-words', HTMLElement);
  const failure = part(document, 'source-failure', HTMLElement);
  const clock = part(document, 'clock', HTMLElement);
  let recording: Recording | undefined;
  let isAsking = false;
  let chosen = 0;
  let sample = fetchSample();
  // Told when it is wanted.
  sample.catch(() => {});

  const showRecord = (): void => {
    record.dataset.state = recording ? 'recording' : 'idle';
    recordWords.textContent = recording ? 'Stop recording' : 'Record';
  };

  const take = async (name: string, file: Blob | Promise<Blob>, retry: () => void): Promise<void> => {
    const choice = ++chosen;
    hideFailure(failure);
    hearer.begin();
    try {
      const samples = await decodeSound(await file);
      if (choice === chosen) hearer.sound(name, samples);
    } catch (thrown) {
      if (choice !== chosen) return;
      hearer.none();
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      showFailure(failure, { code: 'SOUND', message, hint: 'WAV, MP3, M4A, Ogg and WebM usually work.' }, retry);
    }
  };
  const takeFile = (file: File): void => void take(file.name, file, () => takeFile(file));
  const takeFiles = ([file]: File[]): void => {
    if (!file) return;
    leave();
    takeFile(file);
  };
  const takeSample = (): void => {
    leave();
    void take('Sample', sample, () => {
      sample = fetchSample();
      takeSample();
    });
  };

  const leave = (): void => {
    recording?.discard();
    recording = undefined;
    showRecord();
  };
  const finish = async (): Promise<void> => {
    const ended = recording;
    if (!ended) return;
    recording = undefined;
    showRecord();
    const name = `Recording of ${new Date().toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false })}`;
    const blob = ended.finish();
    await take(name, blob, () => void take(name, blob, () => {}));
  };
  const begin = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    hideFailure(failure);
    try {
      recording = await startRecording();
    } catch (thrown) {
      return showFailure(failure, describeRefusal(thrown), () => void begin());
    } finally {
      isAsking = false;
    }
    chosen++;
    hearer.begin();
    showRecord();
    watch(recording);
  };
  /** A level for each twentieth of a second, the loudest that a frame saw. */
  const watch = (watched: Recording): void => {
    const startedAt = performance.now();
    let shownAt = startedAt;
    let peak = 0;
    const look = (now: number): void => {
      if (recording !== watched) return;
      peak = Math.max(peak, watched.level());
      if (now - shownAt >= levelTime) {
        hearer.level(Math.min(1, peak * 1.6));
        clock.textContent = formatTime(Math.max(0, now - startedAt) / 1000);
        shownAt = now;
        peak = 0;
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };

  record.addEventListener('click', () => void (recording ? finish() : begin()));
  part(zone, 'use-sample', HTMLButtonElement).addEventListener('click', takeSample);
  connectFilePicker(part(zone, 'pick', HTMLButtonElement), part(zone, 'files', HTMLInputElement), takeFiles);
  connectFileDrop(zone, takeFiles);

  return {
    get recording() {
      return recording !== undefined;
    },
    finish: () => void finish(),
    leave,
  };
}
