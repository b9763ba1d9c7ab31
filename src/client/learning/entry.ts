// A file of its own, loaded with the first classifier: see `LearningPart`.
export { loadClassifier } from './load-classifier.ts';
export { trainClassifier } from './train-classifier.ts';
