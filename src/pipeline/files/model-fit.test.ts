import { describe, expect, it } from 'vitest';
import { anyOf, gives, givesEntailment, givesLabels, givesLogits } from './model-fit.ts';

const model = (outputs: string[], config: Record<string, unknown> = {}) => ({ outputs, config });
const made = (architecture: string, labels: string[] = ['A', 'B']) =>
  model(['logits'], { architectures: [architecture], id2label: Object.fromEntries(labels.entries()) });

describe('gives', () => {
  it('takes models whose graphs give all of it, and names what is missing', () => {
    expect(gives('logits', 'pred_boxes')(model(['pred_boxes', 'logits', 'more']))).toBeUndefined();
    expect(gives('logits', 'pred_boxes')(model(['logits']))).toBe('gives logits, and no pred_boxes');
  });
});

describe('givesLogits', () => {
  const check = givesLogits('MaskedLM');

  it('takes what it is made for, and architectures that tell nothing', () => {
    for (const one of [made('BertForMaskedLM'), made('SomethingNew'), model(['logits'])])
      expect(check(one)).toBeUndefined();
  });

  it('refuses what is known to be made for something else', () => {
    expect(check(made('BertForTokenClassification'))).toBe('is a BertForTokenClassification');
    expect(check(made('Wav2Vec2ForCTC'))).toBe('is a Wav2Vec2ForCTC');
  });

  it('believes the graph more than the name', () => {
    expect(check(model(['last_hidden_state'], { architectures: ['BertForMaskedLM'] }))).toContain('no logits');
    const embedder = anyOf(gives('last_hidden_state'), check);
    expect(
      embedder(model(['last_hidden_state'], { architectures: ['BertForSequenceClassification'] })),
    ).toBeUndefined();
    expect(embedder(made('BertForSequenceClassification'))).toBe('is a BertForSequenceClassification');
  });
});

describe('givesLabels', () => {
  it('refuses a single label, which always has the probability 1, unless each is judged by itself', () => {
    const ranker = made('BertForSequenceClassification', ['LABEL_0']);
    expect(givesLabels(ranker)).toContain('single label');
    const judge = { ...ranker, config: { ...ranker.config, problem_type: 'multi_label_classification' } };
    expect(givesLabels(judge)).toBeUndefined();
    expect(givesLabels(made('BertForSequenceClassification'))).toBeUndefined();
  });
});

describe('givesEntailment', () => {
  it('wants the label, in any spelling, or three without names', () => {
    const fits = (...labels: string[]) => givesEntailment(made('BertForSequenceClassification', labels));
    expect(fits('ENTAILMENT', 'not_entailment')).toBeUndefined();
    expect(fits('LABEL_0', 'LABEL_1', 'LABEL_2')).toBeUndefined();
    expect(fits('negative', 'neutral', 'positive')).toContain('none of them');
    expect(fits('NEGATIVE', 'POSITIVE')).toBe('has the labels NEGATIVE, POSITIVE, and none of them is "entailment"');
  });
});
