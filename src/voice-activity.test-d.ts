import { expectTypeOf, it } from 'vitest';
import { type Pipeline, type ResultStream, type SpeechSegment, pipeline } from './index.ts';

declare const detect: Pipeline<'voice-activity-detection'>;
declare const track: MediaStreamTrack;
declare const samples: Float32Array;

it('voice activity is a list of segments, each as soon as it is certain in a stream', () => {
  expectTypeOf(pipeline('voice-activity-detection')).resolves.toEqualTypeOf<Pipeline<'voice-activity-detection'>>();
  expectTypeOf(detect(samples, { threshold: 0.6, min_speech_duration: 100 })).resolves.toEqualTypeOf<SpeechSegment[]>();
  expectTypeOf(detect([samples])).resolves.toEqualTypeOf<SpeechSegment[][]>();
  expectTypeOf(detect.stream(samples)).toEqualTypeOf<ResultStream<SpeechSegment, SpeechSegment[]>>();
  expectTypeOf(detect.stream(new MediaStream([track]), { speechPad: 0 })).toEqualTypeOf(detect.stream(track));
  // @ts-expect-error: what never ends has no result at once
  void detect(track);
  // @ts-expect-error: it is a number of milliseconds
  void detect(samples, { speechPad: '30 ms' });
});
