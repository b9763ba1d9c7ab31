import { describe, expect, it } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import { type WorkerMessage, isWorkerMessage } from './messages.ts';
import { toErrorRecord } from './reply.ts';

const error = toErrorRecord(
  new InsituError('INTERNAL', 'x is not a function', { hint: 'Report it.', cause: new TypeError('x') }),
);
const { code, message, hint, ...rest } = error;

describe('isWorkerMessage', () => {
  it.each<[string, WorkerMessage]>([
    ['an event', { type: 'event', call: 1, event: { status: 'ready' } }],
    ['an event of nothing', { type: 'event', call: 1, event: undefined }],
    ['an answer', { type: 'reply', call: 1, reply: { ok: true, value: { data: new Float32Array(2) } }, more: false }],
    ['an answer of nothing', { type: 'reply', call: 2, reply: { ok: true, value: undefined }, more: true }],
    ['a failure', { type: 'reply', call: 3, reply: { ok: false, error }, more: false }],
    ['the end of a call', { type: 'end', call: 1 }],
    ['a sign of life', { type: 'pong' }],
    ['a lock', { type: 'held' }],
    ['a fault', { type: 'fault', error }],
    ['a violation', { type: 'violation', what: 'connect-src', detail: 'https://elsewhere.example' }],
  ])('accepts %s, as it comes across the thread', (_, sent) => {
    expect(isWorkerMessage(structuredClone(sent))).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'pong'],
    ['a number', 1],
    ['an empty object', {}],
    ['an array', ['pong']],
    ['another kind', { type: 'hello', call: 1 }],
    ['what the page says', { type: 'ping' }],
    ['a call of the page', { type: 'call', call: 1, method: 'run', argument: null }],
    ['a message of Comlink', { id: '1', type: 'RAW', value: 1 }],
    ['a message of a framework', { type: 'webpackOk', data: null }],
    ['a kind of another type', { type: ['pong'] }],
    ['an event of no call', { type: 'event', event: 1 }],
    ['an event of a call by name', { type: 'event', call: '1', event: 1 }],
    ['an end of no call', { type: 'end' }],
    ['an answer of no call', { type: 'reply', reply: { ok: true, value: 1 }, more: false }],
    ['an answer without a reply', { type: 'reply', call: 1, more: false }],
    ['an answer of null', { type: 'reply', call: 1, reply: null, more: false }],
    ['an answer of text', { type: 'reply', call: 1, reply: 'fine', more: false }],
    ['an answer that is neither', { type: 'reply', call: 1, reply: { value: 1 }, more: false }],
    ['an answer that is nearly one', { type: 'reply', call: 1, reply: { ok: 'true', value: 1 }, more: false }],
    ['a failure without an error', { type: 'reply', call: 1, reply: { ok: false }, more: false }],
    ['a failure of null', { type: 'reply', call: 1, reply: { ok: false, error: null }, more: false }],
    ['a failure of text', { type: 'reply', call: 1, reply: { ok: false, error: message }, more: false }],
    ['a failure without a code', { type: 'reply', call: 1, reply: { ok: false, error: { ...rest, message, hint } } }],
    ['a fault without an error', { type: 'fault' }],
    ['a violation of nothing', { type: 'violation', detail: '' }],
    ['a violation without a detail', { type: 'violation', what: 'connect-src' }],
    ['a violation of an object', { type: 'violation', what: {}, detail: '' }],
    ['a fault of null', { type: 'fault', error: null }],
    ['a fault without a code', { type: 'fault', error: { ...rest, message, hint } }],
    ['a fault without a message', { type: 'fault', error: { ...rest, code, hint } }],
    ['a fault without a hint', { type: 'fault', error: { ...rest, code, message } }],
    ['a fault with a number for a message', { type: 'fault', error: { ...error, message: 7 } }],
  ])('refuses %s', (_, sent) => {
    expect(isWorkerMessage(sent)).toBe(false);
  });
});
