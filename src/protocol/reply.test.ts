import { describe, expect, it } from 'vitest';
import { InsituError, isInsituError } from '../errors/insitu-error.ts';
import { fromErrorRecord, toErrorRecord } from './reply.ts';

const hint = 'Try again.';

/** What the page makes of something that was thrown in the worker. */
const acrossTheThread = (thrown: unknown) => fromErrorRecord(structuredClone(toErrorRecord(thrown)));

describe('an InsituError across the thread', () => {
  it('keeps its code, message, hint and retryable', () => {
    const error = acrossTheThread(new InsituError('HTTP_STATUS', 'It answered 503.', { hint, retryable: true }));
    expect(error).toBeInstanceOf(InsituError);
    expect(error).toMatchObject({ code: 'HTTP_STATUS', message: 'It answered 503.', hint, retryable: true });
    expect(error).not.toHaveProperty('cause');
  });

  it('keeps the name, message and stack of its cause', () => {
    const cause = new TypeError('Failed to fetch');
    const error = acrossTheThread(new InsituError('NETWORK', 'No answer.', { hint, cause }));
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'Failed to fetch', stack: cause.stack });
  });

  it('keeps what a cause says that is no error', () => {
    const error = acrossTheThread(new InsituError('OUT_OF_MEMORY', 'It gave up.', { hint, cause: 88_214_320 }));
    expect(error.cause).toMatchObject({ message: '88214320' });
  });

  it('survives a cause that cannot be cloned', () => {
    const cause = Object.assign(new Error('with a function'), { retry: () => {} });
    expect(acrossTheThread(new InsituError('INTERNAL', 'x', { hint, cause })).cause).toMatchObject({
      message: 'with a function',
    });
  });
});

describe('anything else across the thread', () => {
  it.each([
    ['an error', new RangeError('Invalid array length'), 'Invalid array length'],
    ['a DOMException', new DOMException('It was aborted.', 'AbortError'), 'It was aborted.'],
    ['a number, as C++ throws them', 88_214_320, '88214320'],
    ['a string', 'just text', 'just text'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('odd'), 'Symbol(odd)'],
  ])('%s becomes INTERNAL and says what it was', (_, thrown, words) => {
    const error = acrossTheThread(thrown);
    expect(isInsituError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'INTERNAL', retryable: false, message: expect.stringContaining(words) });
  });

  it('keeps the stack of an unexpected error: it is the only trace of a defect', () => {
    const thrown = new Error('somewhere deep');
    expect(acrossTheThread(thrown).cause).toMatchObject({ message: 'somewhere deep', stack: thrown.stack });
  });

  it('an object that has no text becomes INTERNAL too: a reply never rejects', () => {
    expect(toErrorRecord(Object.create(null))).toMatchObject({ code: 'INTERNAL' });
  });
});
