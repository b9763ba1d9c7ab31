import { describe, expect, it } from 'vitest';
import type { GraphValue, SessionTensor, TensorType } from '../../protocol/session.ts';
import { checkFeeds, checkWanted } from './check-feeds.ts';

const image: GraphValue = { name: 'image', type: 'float32', dims: ['batch', 3] };
const ids: GraphValue = { name: 'ids', type: 'int64', dims: ['batch'] };
const goodImage: SessionTensor = { type: 'float32', data: new Float32Array(6), dims: [2, 3] };
const goodIds: SessionTensor = { type: 'int64', data: new BigInt64Array(2), dims: [2] };
const good = { image: goodImage, ids: goodIds };

describe('checkFeeds', () => {
  it('takes what fits, in the order of the graph', () => {
    const feeds = checkFeeds({ ids: goodIds, image: goodImage }, [image, ids]);
    expect(feeds).toEqual(good);
    expect(Object.keys(feeds)).toEqual(['image', 'ids']);
  });

  it.each<[TensorType, SessionTensor['data']]>([
    ['float64', new Float64Array(2)],
    ['float16', new Uint16Array(2)],
    ['int8', new Int8Array(2)],
    ['int16', new Int16Array(2)],
    ['int32', new Int32Array(2)],
    ['uint8', new Uint8Array(2)],
    ['uint16', new Uint16Array(2)],
    ['uint32', new Uint32Array(2)],
    ['uint64', new BigUint64Array(2)],
    ['bool', new Uint8Array(2)],
    ['string', ['a', '']],
  ])('takes %s', (type, data) => {
    const feeds = { x: { type, data, dims: [2] } };
    expect(checkFeeds(feeds, [{ name: 'x', type, dims: ['n'] }])).toEqual(feeds);
  });

  it('takes a single value, and any shape where the graph names none', () => {
    const value: GraphValue = { name: 'rate', type: 'int64', dims: [] };
    for (const dims of [[], [1], [1, 1]]) {
      const feeds = { rate: { type: 'int64', data: BigInt64Array.of(16000n), dims } };
      expect(checkFeeds(feeds, [value])).toEqual(feeds);
    }
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'The inputs are undefined.'],
    ['a missing input', { ids: goodIds }, 'The input "image" is missing.'],
    ['an unknown input', { ...good, mask: goodIds }, 'There is no input "mask".'],
    ['a bare array', { ...good, ids: [1, 2] }, 'The input "ids" is of type undefined, not "int64".'],
    ['a number', { ...good, ids: 1 }, 'The input "ids" is the number 1, not a tensor.'],
    [
      'another type',
      { ...good, ids: { type: 'int32', data: new Int32Array(2), dims: [2] } },
      'The input "ids" is of type "int32", not "int64".',
    ],
    [
      'an array of another type',
      { ...good, ids: { type: 'int64', data: new Int32Array(2), dims: [2] } },
      'The input "ids" has as its data an object of type Int32Array, not BigInt64Array.',
    ],
    [
      'another rank',
      { ...good, image: { type: 'float32', data: new Float32Array(6), dims: [6] } },
      'The input "image" has the dims [6], not [batch, 3].',
    ],
    [
      'another size',
      { ...good, image: { type: 'float32', data: new Float32Array(4), dims: [1, 4] } },
      'The input "image" has the dims [1, 4], not [batch, 3].',
    ],
    [
      'too few values',
      { ...good, image: { type: 'float32', data: new Float32Array(5), dims: [2, 3] } },
      'The input "image" has 5 values, and dims of [2, 3], which are 6.',
    ],
    [
      'a size that is none',
      { ...good, image: { type: 'float32', data: new Float32Array(6), dims: [2.5, 3] } },
      'The input "image" has as its dims [2.5, 3], not sizes.',
    ],
    [
      'no sizes',
      { ...good, image: { type: 'float32', data: new Float32Array(6) } },
      'The input "image" has as its dims undefined, not sizes.',
    ],
  ])('refuses %s', (_, feeds, message) => {
    expect(() => checkFeeds(feeds, [image, ids])).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message,
        hint: expect.stringMatching(/^(The graph takes|Give)/),
      }),
    );
  });

  it('refuses texts that are none', () => {
    const feeds = { x: { type: 'string', data: ['a', 1], dims: [2] } };
    expect(() => checkFeeds(feeds, [{ name: 'x', type: 'string', dims: ['n'] }])).toThrow(
      'The input "x" has values that are no texts.',
    );
  });
});

it('checkWanted refuses outputs that are not there', () => {
  checkWanted(undefined, [image]);
  checkWanted(['image'], [image]);
  expect(() => checkWanted(['image', 'mask'], [image])).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: 'There is no output "mask".' }),
  );
});
