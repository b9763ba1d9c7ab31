import { expectTypeOf, it } from 'vitest';
import { type Client, type Session, type SessionTensor, type TypedTensor, createSession } from './index.ts';

declare const session: Session;
declare const client: Client;

it('a session is made of what names or holds a graph', () => {
  expectTypeOf(createSession('org/name')).resolves.toEqualTypeOf<Session>();
  expectTypeOf(createSession(new Blob([]), { file: 'net.onnx', isolate: true })).resolves.toEqualTypeOf<Session>();
  expectTypeOf(client.session(new Uint8Array(1))).resolves.toEqualTypeOf<Session>();
  // @ts-expect-error: a number is no model
  void createSession(1);
  // @ts-expect-error: the file names the graph, whatever its weights are
  void createSession('org/name', { dtype: 'q8' });
});

it('a run takes and gives tensors', () => {
  expectTypeOf(session.run({})).resolves.toEqualTypeOf<Record<string, SessionTensor>>();
  void session.run({ x: { type: 'int64', data: BigInt64Array.of(1n), dims: [1] } }, { outputs: ['y'], transfer: true });
  void session.run({ x: { type: 'string', data: ['a'], dims: [1] } });
  // @ts-expect-error: numbers of 64 bits are in a BigInt64Array
  void session.run({ x: { type: 'int64', data: Float32Array.of(1), dims: [1] } });
  // @ts-expect-error: there is no such type
  void session.run({ x: { type: 'complex64', data: Float32Array.of(1), dims: [1] } });
});

it('the type of a tensor tells its array', () => {
  expectTypeOf<TypedTensor<'bool'>['data']>().toEqualTypeOf<Uint8Array>();
  expectTypeOf<Extract<SessionTensor, { type: 'string' }>['data']>().toEqualTypeOf<string[]>();
});
