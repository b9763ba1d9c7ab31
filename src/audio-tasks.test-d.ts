import { describe, expectTypeOf, it } from 'vitest';
import type {
  AudioInput,
  BatchItem,
  LabelScore,
  Pipeline,
  ResultStream,
  Speech,
  Transcript,
  Written,
} from './index.ts';

declare const transcribe: Pipeline<'automatic-speech-recognition'>;
declare const classify: Pipeline<'audio-classification'>;
declare const hold: Pipeline<'zero-shot-audio-classification'>;
declare const speak: Pipeline<'text-to-audio'>;
declare const signal: AbortSignal;
declare const sound: AudioInput;
declare const sounds: readonly AudioInput[];

describe('a sound', () => {
  it('is whatever a page has of one', () => {
    expectTypeOf<string | URL | Blob | File | ArrayBuffer | AudioBuffer | Float32Array>().toExtend<AudioInput>();
    expectTypeOf<{ data: Float32Array; rate: number }>().toExtend<AudioInput>();
  });

  it('is nothing else', () => {
    // @ts-expect-error numbers are no samples
    void classify(42);
    // @ts-expect-error samples have a rate
    void classify({ data: new Float32Array(1) });
    // @ts-expect-error a sound is needed
    void classify();
  });
});

describe('speech recognition', () => {
  it('gives text, with times where they are asked for', () => {
    expectTypeOf(transcribe(sound)).resolves.toEqualTypeOf<Transcript>();
    expectTypeOf(transcribe(sounds, { returnTimestamps: 'word', signal })).resolves.toEqualTypeOf<Transcript[]>();
    expectTypeOf<Transcript['text']>().toBeString();
    expectTypeOf<NonNullable<Transcript['chunks']>[number]>().toEqualTypeOf<{
      text: string;
      timestamp: [start: number, end: number | null];
    }>();
  });

  it('takes its options in both spellings', () => {
    void transcribe(sound, { chunkLengthS: 30, strideLengthS: 5, language: 'en', task: 'translate', maxNewTokens: 9 });
    void transcribe(sound, { chunk_length_s: 30, return_timestamps: true, force_full_sequences: true });
  });

  it('streams text', () => {
    expectTypeOf(transcribe.stream(sound)).toEqualTypeOf<ResultStream<string, Written<Transcript>>>();
    expectTypeOf(transcribe.stream(sound).result).resolves.toEqualTypeOf<Written<Transcript>>();
    // @ts-expect-error a stream is of one recording
    void transcribe.stream([sound, sound]);
  });

  it('takes nothing else', () => {
    // @ts-expect-error no such times
    void transcribe(sound, { returnTimestamps: 'words' });
    // @ts-expect-error no such task
    void transcribe(sound, { task: 'summarise' });
    // @ts-expect-error an option of another task
    void transcribe(sound, { tgtLang: 'fr' });
  });
});

describe('audio classification', () => {
  it('gives labels', () => {
    expectTypeOf(classify(sound)).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify(sounds, { top_k: 3 })).resolves.toEqualTypeOf<LabelScore[][]>();
    expectTypeOf(classify.stream(sounds)).toEqualTypeOf<
      ResultStream<BatchItem<LabelScore[]>, LabelScore[] | LabelScore[][]>
    >();
    // @ts-expect-error an option of another task
    void classify(sound, { language: 'en' });
  });

  it('gives labels of the caller', () => {
    expectTypeOf(hold(sound, ['dog'])).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(hold(sounds, ['dog'], { hypothesisTemplate: 'A {}' })).resolves.toEqualTypeOf<LabelScore[][]>();
    expectTypeOf(hold.stream(sound, ['dog'])).toExtend<AsyncIterable<BatchItem<LabelScore[]>>>();
    // @ts-expect-error labels are needed
    void hold(sound);
  });
});

describe('text to speech', () => {
  it('gives samples', () => {
    expectTypeOf(speak('text')).resolves.toEqualTypeOf<Speech>();
    expectTypeOf(speak(['one', 'two'], { speaker_embeddings: new Float32Array(512) })).resolves.toEqualTypeOf<
      Speech[]
    >();
    expectTypeOf<Speech['audio']>().toExtend<Float32Array>();
    expectTypeOf<Speech['sampling_rate']>().toBeNumber();
    expectTypeOf(speak.stream('text', { speed: 1.2 })).toExtend<AsyncIterable<BatchItem<Speech>>>();
    // @ts-expect-error a voice is a vector
    void speak('text', { speakerEmbeddings: 'slt' });
    // @ts-expect-error sound is no text
    void speak(new Float32Array(1));
  });
});
