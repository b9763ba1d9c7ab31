import type { DecodingOptions } from './writing-tasks.ts';

export interface SpeechRecognitionOptions extends DecodingOptions {
  /** `true` gives the times of phrases, `'word'` those of words. @default false */
  returnTimestamps?: boolean | 'word';
  /** Recordings longer than this are transcribed in overlapping chunks of so many seconds. @default 0, or 30 for more than 30 s */
  chunkLengthS?: number;
  /** Seconds by which a chunk overlaps each of its neighbours. @default a sixth of a chunk */
  strideLengthS?: number;
  /** Give timestamps of whole sequences even where a chunk cuts one. @default false */
  forceFullSequences?: boolean;
  /** Language that is spoken, such as `english` or `en`. @default what the model hears */
  language?: string;
  /** @default 'transcribe' */
  task?: 'transcribe' | 'translate';
}

export interface Transcript {
  text: string;
  /** With `returnTimestamps`: pieces with their begin and end in seconds. */
  chunks?: { text: string; timestamp: [start: number, end: number | null] }[];
}

export interface AudioClassificationOptions {
  /** How many labels to return, best first. @default 5 */
  topK?: number;
}

export interface ZeroShotAudioClassificationOptions {
  /** The sentence that a sound is held against; `{}` stands for a label. @default 'This is a sound of {}.' */
  hypothesisTemplate?: string;
}

export interface TextToSpeechOptions {
  /** The voice, for models that take one: its vector. */
  speakerEmbeddings?: Float32Array;
  /** Steps of models that refine their sound. */
  numInferenceSteps?: number;
  speed?: number;
}

/** Speech that was made. */
export interface Speech {
  audio: Float32Array<ArrayBuffer>;
  /** Samples for a second. */
  sampling_rate: number;
}

/** As in Silero's `get_speech_timestamps`. Durations are milliseconds. */
export interface VoiceActivityDetectionOptions {
  /** Speech begins where its probability is not below this. @default 0.5 */
  threshold?: number;
  /** Speech ends where its probability stays below this. @default 0.15 less than `threshold`, at least 0.01 */
  negativeThreshold?: number;
  /** Shorter speech counts as none. @default 250 */
  minSpeechDuration?: number;
  /** Shorter pauses count as speech. @default 100 */
  minSilenceDuration?: number;
  /** By how much each segment is made longer at both ends. @default 30 */
  speechPad?: number;
}

/** A part of a sound in which somebody speaks. */
export interface SpeechSegment {
  /** Seconds from the beginning of the sound. */
  start: number;
  end: number;
  /** The mean probability of speech, 0..1. */
  score: number;
}

/** Options of the tasks that hear or speak. */
export interface AudioTaskOptions {
  'automatic-speech-recognition': SpeechRecognitionOptions;
  'audio-classification': AudioClassificationOptions;
  'zero-shot-audio-classification': ZeroShotAudioClassificationOptions;
  'text-to-audio': TextToSpeechOptions;
  'voice-activity-detection': VoiceActivityDetectionOptions;
}
