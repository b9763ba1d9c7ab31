import type { FitCheck, ModelFacts } from '../../runtime/runtime.ts';

/**
 * Ends of the names of architectures (`BertForMaskedLM`) whose graphs all give `logits`, of other things. Names that are not
 * among them prove nothing: many a graph was exported without its head.
 */
const heads = [
  'SequenceClassification',
  'TokenClassification',
  'QuestionAnswering',
  'MaskedLM',
  'CTC',
  'ImageClassification',
  'ObjectDetection',
  'SemanticSegmentation',
] as const;
type Head = (typeof heads)[number];

/** For models whose graphs give all of these. */
export const gives =
  (...names: string[]): FitCheck =>
  ({ outputs }) => {
    const missing = names.filter((name) => !outputs.includes(name));
    return missing.length === 0 ? undefined : `gives ${outputs.join(', ')}, and no ${missing.join(', ')}`;
  };

/** For models that give `logits` and are not known to be made for another task than these. */
export const givesLogits =
  (...made: Head[]): FitCheck =>
  (model) => {
    const head = headOf(model.config);
    const other = head && !made.includes(head) ? `is a ${architectureOf(model.config)}` : undefined;
    return gives('logits')(model) ?? other;
  };

/** For models that fit one of several checks. */
export const anyOf =
  (...checks: FitCheck[]): FitCheck =>
  (model) => {
    const reasons = checks.map((check) => check(model));
    return reasons.includes(undefined) ? undefined : reasons.at(-1);
  };

const architectureOf = ({ architectures }: ModelFacts['config']): string =>
  Array.isArray(architectures) ? String(architectures[0]) : '';

const headOf = (config: ModelFacts['config']): Head | undefined =>
  heads.find((head) => architectureOf(config).endsWith(`For${head}`));

/** For models of entailment, which are asked whether a sentence with the label follows from the text. */
export const givesEntailment: FitCheck = (model) => {
  const labels = labelsOfModel(model.config);
  const named = labels.some((label) => label.toLowerCase() === 'entailment');
  // transformers.js takes the last of three for it.
  const nameless = labels.length === 3 && labels.every((label) => label.startsWith('LABEL_'));
  if (named || nameless) return givesLogits('SequenceClassification')(model);
  return `has the labels ${labels.join(', ')}, and none of them is "entailment"`;
};

/** For models that choose among labels: with a single one they would always be certain. */
export const givesLabels: FitCheck = (model) => {
  const { problem_type: kind } = model.config;
  if (labelsOfModel(model.config).length === 1 && kind !== 'multi_label_classification') {
    return 'has a single label, as models for reranking have';
  }
  return givesLogits('SequenceClassification')(model);
};

const labelsOfModel = ({ id2label }: ModelFacts['config']): string[] =>
  Object.values((id2label as object) ?? {}).map(String);
