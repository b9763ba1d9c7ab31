import { type Reply, toErrorRecord } from '../protocol/reply.ts';

/** Turns what a method gives or throws into a {@link Reply}. Never rejects. */
export async function toReply<T>(method: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await method() };
  } catch (error) {
    return { ok: false, error: toErrorRecord(error) };
  }
}
