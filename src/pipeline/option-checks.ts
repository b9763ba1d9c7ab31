import { type OptionCheck, ofType } from '../errors/check-options.ts';

/** Checks of options that several tasks have. */
export const positiveWhole: OptionCheck = (value) =>
  Number.isInteger(value) && Number(value) > 0 ? undefined : 'must be a positive whole number';

const wholeOrZero: OptionCheck = (value) =>
  Number.isInteger(value) && Number(value) >= 0 ? undefined : 'must be a whole number, 0 or more';

export const positiveWholeOrAll: OptionCheck = (value) =>
  value === null || positiveWhole(value) === undefined ? undefined : 'must be a positive whole number, or null for all';

export const probability: OptionCheck = (value) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'must be a number from 0 to 1';

export const notNegative: OptionCheck = (value) =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value) ? undefined : 'must be a number, 0 or more';

/** A sentence with a gap. */
export const template: OptionCheck = (value) =>
  typeof value === 'string' && value.includes('{}') ? undefined : 'must be a sentence with {} in it, for the label';

/** Of batches of texts. */
export const batchChecks = { batchSize: positiveWhole, maxTokensPerBatch: positiveWhole };

const texts: OptionCheck = (value) =>
  typeof value === 'string' || (Array.isArray(value) && value.every((text) => typeof text === 'string'))
    ? undefined
    : 'must be a string, or an array of strings';

/** Of everything that decodes token by token. */
export const decodingChecks = {
  maxNewTokens: positiveWhole,
  maxLength: positiveWhole,
  minNewTokens: wholeOrZero,
  minLength: wholeOrZero,
  doSample: ofType('boolean'),
  temperature: notNegative,
  topK: wholeOrZero,
  topP: probability,
  seed: wholeOrZero,
  repetitionPenalty: notNegative,
  noRepeatNgramSize: wholeOrZero,
} satisfies Record<string, OptionCheck>;

/** Of everything that writes text. */
export const generationChecks = { ...decodingChecks, stop: texts };
