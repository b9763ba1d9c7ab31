import type {
  AudioClassificationOptions,
  SpeechRecognitionOptions,
  Speech,
  SpeechSegment,
  TextToSpeechOptions,
  Transcript,
  VoiceActivityDetectionOptions,
  ZeroShotAudioClassificationOptions,
} from '../../protocol/tasks/audio-tasks.ts';
import type { LabelScore } from '../../protocol/tasks/text-tasks.ts';
import type { EachCall, EachWithCall, ResultStream, TaskOptions, WritingCall } from './task-calls.ts';

/** Samples, -1..1, and how many there are for a second. */
export interface AudioSamples {
  data: Float32Array;
  rate: number;
}

/**
 * Sound: the address of a recording, a file, a decoded buffer, or samples. It is mixed to one channel and resampled to the model's
 * rate. Bare `Float32Array`s are taken to have that rate.
 */
export type AudioInput = string | URL | Blob | ArrayBuffer | AudioBuffer | Float32Array | AudioSamples;

/** A task that finds where somebody speaks. */
export interface VoiceActivityCall {
  (recording: AudioInput, options?: TaskOptions<VoiceActivityDetectionOptions>): Promise<SpeechSegment[]>;
  (recordings: readonly AudioInput[], options?: TaskOptions<VoiceActivityDetectionOptions>): Promise<SpeechSegment[][]>;
  /**
   * Gives each segment as soon as it is certain. A microphone or another track is heard until it ends, or nobody reads any more; times
   * are seconds since the stream began.
   */
  stream(
    sound: AudioInput | MediaStreamTrack | MediaStream,
    options?: TaskOptions<VoiceActivityDetectionOptions>,
  ): ResultStream<SpeechSegment, SpeechSegment[]>;
}

/** How the pipelines are called that hear or speak. */
export interface AudioCalls {
  'automatic-speech-recognition': WritingCall<AudioInput, SpeechRecognitionOptions, Transcript>;
  'audio-classification': EachCall<AudioInput, AudioClassificationOptions, LabelScore[]>;
  'zero-shot-audio-classification': EachWithCall<
    AudioInput,
    readonly string[],
    ZeroShotAudioClassificationOptions,
    LabelScore[]
  >;
  'text-to-audio': EachCall<string, TextToSpeechOptions, Speech>;
  'voice-activity-detection': VoiceActivityCall;
}
