import { describe, expect, it, vi } from 'vitest';
import type { Priority } from '../../protocol/priority.ts';
import { type Queueable, createCallQueue } from './call-queue.ts';

interface Call extends Queueable {
  name: string;
}

const [a, b, c] = [{}, {}, {}];
const call = (name: string, owner: object = a, priority: Priority = 'normal'): Call => ({ name, owner, priority });

function createQueue(...calls: Call[]) {
  const queue = createCallQueue<Call>(100);
  for (const each of calls) queue.add(each);
  return queue;
}

/** Names of all calls, in the order in which they are taken where all can be placed. */
function takeAll(queue: ReturnType<typeof createQueue>): string[] {
  const names: string[] = [];
  for (let next = queue.take(() => true); next; next = queue.take(() => true)) names.push(next.call.name);
  return names;
}

describe('calls of one owner', () => {
  it('are taken in their order', () => {
    expect(takeAll(createQueue(call('1'), call('2'), call('3')))).toEqual(['1', '2', '3']);
  });

  it('are taken by priority', () => {
    const queue = createQueue(
      call('background', a, 'background'),
      call('normal 1'),
      call('interactive', a, 'interactive'),
      call('normal 2'),
    );
    expect(takeAll(queue)).toEqual(['interactive', 'normal 1', 'normal 2', 'background']);
  });
});

describe('calls of several owners', () => {
  it('are taken in turns, however many one has', () => {
    const queue = createQueue(call('a1'), call('a2'), call('a3'), call('a4'), call('b1', b), call('c1', c));
    expect(takeAll(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'a3', 'a4']);
  });

  it('leave the next turn to the one that was served least recently, also after its line was empty', () => {
    const queue = createQueue(call('a1'), call('a2'), call('b1', b));
    queue.take(() => true);
    queue.take(() => true);
    queue.add(call('b2', b));
    queue.add(call('c1', c));
    expect(takeAll(queue)).toEqual(['c1', 'a2', 'b2']);
  });

  it('are taken by priority first', () => {
    const queue = createQueue(call('a1'), call('b1', b, 'background'), call('a2'), call('c1', c, 'interactive'));
    expect(takeAll(queue)).toEqual(['c1', 'a1', 'a2', 'b1']);
  });
});

describe('a call that cannot be placed', () => {
  it('lets those of other owners and of lower priority pass', () => {
    const queue = createQueue(call('a1', a, 'interactive'), call('b1', b, 'interactive'), call('c1', c, 'background'));
    const notOf = (...owners: object[]) => queue.take(({ owner }) => (owners.includes(owner) ? undefined : true))?.call;
    expect(notOf(a, b)).toMatchObject({ name: 'c1' });
    expect(notOf(a)).toMatchObject({ name: 'b1' });
    expect(queue.size).toBe(1);
    expect(takeAll(queue)).toEqual(['a1']);
  });

  it('does not let a later one of its owner pass, which is not even asked about', () => {
    const queue = createQueue(call('a1'), call('a2'));
    const place = vi.fn<(call: Call) => true | undefined>(() => undefined);
    expect(queue.take(place)).toBeUndefined();
    expect(place.mock.calls.map(([{ name }]) => name)).toEqual(['a1']);
    expect(queue.size).toBe(2);
  });

  it('costs its owner no turn', () => {
    const queue = createQueue(call('a1'), call('b1', b), call('b2', b));
    queue.take(({ owner }) => (owner === a ? undefined : true));
    expect(takeAll(queue)).toEqual(['a1', 'b2']);
  });
});

describe('take', () => {
  it('gives the place that was found', () => {
    const first = call('a1');
    expect(createQueue(first).take(({ name }) => `the place of ${name}`)).toEqual({
      call: first,
      place: 'the place of a1',
    });
    expect(createQueue(first).take(() => 0)?.place, 'also one that is falsy').toBe(0);
  });

  it('gives nothing where nobody waits', () => {
    const place = vi.fn(() => true);
    expect(createQueue().take(place)).toBeUndefined();
    expect(place).not.toHaveBeenCalled();
  });
});

describe('a queue', () => {
  it('takes no more calls than it may, and some again when others have left', () => {
    const queue = createCallQueue<Call>(2);
    const [one, two] = [call('1'), call('2', b, 'background')];
    queue.add(one);
    queue.add(two);
    const full = expect.objectContaining({
      code: 'QUEUE_FULL',
      message: expect.stringContaining('2 calls'),
      retryable: true,
    });
    expect(() => queue.add(call('3'))).toThrow(full);
    expect(() => queue.add(call('4', c, 'interactive'))).toThrow(full);
    expect(queue.size).toBe(2);
    queue.remove(one);
    queue.add(call('5'));
    expect(() => queue.add(call('6'))).toThrow(full);
    queue.take(() => true);
    queue.add(call('7'));
    queue.removeOwner(b);
    queue.add(call('8'));
    expect(takeAll(queue)).toEqual(['7', '8']);
  });

  it('takes back what it has given, before all others of its owner, though it is full', () => {
    const queue = createCallQueue<Call>(2);
    queue.add(call('1'));
    queue.add(call('2'));
    const taken = queue.take(() => true)!.call;
    queue.add(call('3'));
    queue.putBack(taken);
    expect(queue.size).toBe(3);
    expect(takeAll(queue)).toEqual(['1', '2', '3']);
  });

  it('gives up a call that is removed, and says whether it had it', () => {
    const [one, two, three] = [call('1'), call('2'), call('3')];
    const queue = createQueue(one, two, three);
    expect(queue.remove(two)).toBe(true);
    expect(queue.remove(two)).toBe(false);
    expect(queue.remove(call('1'))).toBe(false);
    expect(queue.size).toBe(2);
    expect(takeAll(queue)).toEqual(['1', '3']);
    expect(queue.remove(one)).toBe(false);
    expect(queue.size).toBe(0);
  });

  it('gives up all calls of an owner, of every priority', () => {
    const queue = createQueue(call('a1'), call('b1', b), call('a2', a, 'background'), call('a3', a, 'interactive'));
    expect(queue.removeOwner(a).map(({ name }) => name)).toEqual(['a3', 'a1', 'a2']);
    expect(queue.size).toBe(1);
    expect(queue.removeOwner(a)).toEqual([]);
    expect(takeAll(queue)).toEqual(['b1']);
  });

  it('counts the calls of an owner', () => {
    const queue = createQueue(call('a1'), call('b1', b), call('a2', a, 'background'));
    expect([a, b, c].map(queue.count)).toEqual([2, 1, 0]);
    queue.take(() => true);
    expect([a, b, c].map(queue.count)).toEqual([1, 1, 0]);
  });
});
