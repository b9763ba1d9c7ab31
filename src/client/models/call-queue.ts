import { InsituError } from '../../errors/insitu-error.ts';
import { type Priority, priorities } from '../../protocol/priority.ts';

/** What the queue needs to know of a call. */
export interface Queueable {
  priority: Priority;
  /** Calls of one owner stay in their order; owners take turns. */
  owner: object;
}

/** Calls that wait for a worker. */
export interface CallQueue<Call extends Queueable> {
  readonly size: number;
  /** @throws InsituError `QUEUE_FULL` */
  add(call: Call): void;
  /** Puts a call back to where it was taken from. */
  putBack(call: Call): void;
  /** Removes a call that waits; tells whether it did. */
  remove(call: Call): boolean;
  /** Removes all calls of an owner. */
  removeOwner(owner: object): Call[];
  /** Calls of an owner. */
  count(owner: object): number;
  /**
   * Takes the first call that can be placed: by priority; within one, owners in turns, the one that was served least recently
   * first.
   *
   * @param place Where the call can go; `undefined` if nowhere now. Asked once for each owner and priority.
   */
  take<Place>(place: (call: Call) => Place | undefined): { call: Call; place: Place } | undefined;
}

export function createCallQueue<Call extends Queueable>(limit: number): CallQueue<Call> {
  const lines: Record<Priority, Map<object, Call[]>> = {
    interactive: new Map(),
    normal: new Map(),
    background: new Map(),
  };
  const served = new WeakMap<object, number>();
  let turns = 0;
  let size = 0;

  const lineOf = ({ priority, owner }: Call): Call[] => {
    const line = lines[priority].get(owner) ?? [];
    lines[priority].set(owner, line);
    return line;
  };
  const removed = (call: Call, line: Call[]) => {
    size--;
    if (line.length === 0) lines[call.priority].delete(call.owner);
  };

  return {
    get size() {
      return size;
    },
    add(call) {
      if (size >= limit) throw full(limit);
      lineOf(call).push(call);
      size++;
    },
    putBack(call) {
      lineOf(call).unshift(call);
      size++;
    },
    remove(call) {
      const line = lines[call.priority].get(call.owner);
      const index = line?.indexOf(call) ?? -1;
      if (!line || index < 0) return false;
      line.splice(index, 1);
      removed(call, line);
      return true;
    },
    removeOwner(owner) {
      const calls = priorities.flatMap((priority) => lines[priority].get(owner) ?? []);
      for (const priority of priorities) lines[priority].delete(owner);
      size -= calls.length;
      return calls;
    },
    count: (owner) => priorities.reduce((sum, priority) => sum + (lines[priority].get(owner)?.length ?? 0), 0),
    take(place) {
      for (const priority of priorities) {
        const owners = [...lines[priority]].sort(([a], [b]) => (served.get(a) ?? 0) - (served.get(b) ?? 0));
        for (const [owner, line] of owners) {
          const call = line[0]!;
          const found = place(call);
          if (found === undefined) continue;
          line.shift();
          removed(call, line);
          served.set(owner, ++turns);
          return { call, place: found };
        }
      }
      return undefined;
    },
  };
}

function full(limit: number): InsituError {
  return new InsituError('QUEUE_FULL', `${limit} calls wait already, and no more are taken.`, {
    hint: 'Await earlier calls, pass several inputs to one call, or raise `maxQueue` of `createClient`.',
    retryable: true,
  });
}
