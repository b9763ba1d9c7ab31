import { expectTypeOf, it } from 'vitest';
import {
  type ImageInput,
  type LabelScore,
  type Pipeline,
  type TrainedClassifier,
  loadClassifier,
  trainClassifier,
} from './index.ts';

declare const embed: Pipeline<'feature-extraction'>;
declare const see: Pipeline<'image-feature-extraction'>;
declare const classify: TrainedClassifier<'text-classification'>;
declare const image: ImageInput;
declare const saved: Blob;
const texts = [{ input: 'one', label: 'a' }];
const images = [{ input: image, label: 'a' }];

it('the embedder decides what is learned', () => {
  expectTypeOf(trainClassifier(embed, texts)).resolves.toEqualTypeOf<TrainedClassifier<'text-classification'>>();
  expectTypeOf(trainClassifier(see, images)).resolves.toEqualTypeOf<TrainedClassifier<'image-classification'>>();
  expectTypeOf(loadClassifier(embed, saved)).resolves.toEqualTypeOf<TrainedClassifier<'text-classification'>>();
  expectTypeOf(loadClassifier(see, saved)).resolves.toEqualTypeOf<TrainedClassifier<'image-classification'>>();
  // @ts-expect-error texts are no pictures, but their addresses are: an input is one of them
  void trainClassifier(embed, images);
  // @ts-expect-error a label is a string
  void trainClassifier(embed, [{ input: 'one', label: 1 }]);
  // @ts-expect-error it gives no vectors
  void trainClassifier(classify, texts);
  // @ts-expect-error no such option
  void trainClassifier(embed, texts, { epochs: 3 });
  // @ts-expect-error an option of texts
  void trainClassifier(see, images, { embedding: { pooling: 'mean' } });
});

it('a classifier is a pipeline, and tells how good it is', () => {
  expectTypeOf(classify).toExtend<Pipeline<'text-classification'>>();
  expectTypeOf(classify('text')).resolves.toEqualTypeOf<LabelScore[]>();
  expectTypeOf(classify.accuracy).toEqualTypeOf<number | undefined>();
  expectTypeOf(classify.save()).toEqualTypeOf<Blob>();
});
