import { describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { Connection } from './connection.ts';
import { createSharedConnection } from './shared-connection.ts';

const nextTask = () => new Promise((resolve) => setImmediate(resolve));

/** A connection that is idle when the test says so. */
function createConnection() {
  let rest = () => {};
  const idle = vi.fn(() => new Promise<void>((resolve) => (rest = resolve)));
  const connection = {
    dead: false,
    call: vi.fn(),
    idle,
    close: vi.fn((_reason: InsituError) => {
      connection.dead = true;
    }),
  };
  return {
    ...connection,
    connection: connection as Connection<unknown> & typeof connection,
    takeRest: () => rest,
    rest: () => rest(),
  };
}

/** A shared connection, and all that it has opened. */
function createShared() {
  const opened: ReturnType<typeof createConnection>[] = [];
  const open = vi.fn(() => {
    opened.push(createConnection());
    return opened.at(-1)!.connection;
  });
  return { shared: createSharedConnection<unknown>(open), opened, open };
}

describe('a shared connection', () => {
  it('starts with its first user, and serves all that join', () => {
    const { shared, open } = createShared();
    expect(open).not.toHaveBeenCalled();
    expect(shared.join()).toBe(shared.join());
    expect(open).toHaveBeenCalledOnce();
  });

  it('stays while anybody uses it', async () => {
    const { shared, opened } = createShared();
    const connection = shared.join();
    shared.join();
    shared.leave(connection);
    await nextTask();
    expect(opened[0]!.idle).not.toHaveBeenCalled();
    expect(opened[0]!.close).not.toHaveBeenCalled();
  });

  it('ends with its last user, but not before it is idle', async () => {
    const { shared, opened } = createShared();
    const connection = shared.join();
    shared.leave(connection);
    await nextTask();
    expect(opened[0]!.idle).toHaveBeenCalledOnce();
    expect(opened[0]!.close).not.toHaveBeenCalled();
    opened[0]!.rest();
    await nextTask();
    expect(opened[0]!.close).toHaveBeenCalledWith(expect.objectContaining({ code: 'DISPOSED' }));
  });

  it('does not end if somebody joined before it was idle', async () => {
    const { shared, opened, open } = createShared();
    shared.leave(shared.join());
    const next = shared.join();
    opened[0]!.rest();
    await nextTask();
    expect(opened[0]!.close).not.toHaveBeenCalled();
    expect(open).toHaveBeenCalledOnce();

    shared.leave(next);
    opened[0]!.rest();
    await nextTask();
    expect(opened[0]!.close, 'with that one').toHaveBeenCalledOnce();
  });

  it('waits for what the last user left to do, not for that of an earlier one', async () => {
    const { shared, opened } = createShared();
    shared.leave(shared.join());
    const restOfFirst = opened[0]!.takeRest();
    shared.leave(shared.join());
    restOfFirst();
    await nextTask();
    expect(opened[0]!.close).not.toHaveBeenCalled();
    opened[0]!.rest();
    await nextTask();
    expect(opened[0]!.close).toHaveBeenCalledOnce();
  });

  it('starts anew for whoever comes after its end', async () => {
    const { shared, opened } = createShared();
    const connection = shared.join();
    shared.leave(connection);
    opened[0]!.rest();
    await nextTask();
    expect(shared.join()).not.toBe(connection);
    expect(opened).toHaveLength(2);
  });

  it('replaces one that died, and does not count the users of that', async () => {
    const { shared, opened } = createShared();
    const died = shared.join();
    shared.join();
    opened[0]!.connection.dead = true;
    const next = shared.join();
    expect(next).not.toBe(died);

    shared.leave(died);
    shared.leave(died);
    await nextTask();
    expect(opened[1]!.idle, 'they left another one').not.toHaveBeenCalled();

    shared.leave(next);
    opened[1]!.rest();
    await nextTask();
    expect(opened.map(({ close }) => close.mock.calls.length)).toEqual([0, 1]);
  });

  it('that was replaced while it was not idle leaves the next one alone', async () => {
    const { shared, opened } = createShared();
    shared.leave(shared.join());
    opened[0]!.connection.dead = true;
    shared.join();
    opened[0]!.rest();
    await nextTask();
    expect(opened.map(({ close }) => close.mock.calls.length)).toEqual([0, 0]);
  });

  it('closes at once for a reason, whoever uses it', () => {
    const { shared, opened } = createShared();
    const reason = new InsituError('DISPOSED', 'closed by the test', { hint: 'Nothing.' });
    shared.close(reason);
    shared.join();
    shared.close(reason);
    expect(opened[0]!.close).toHaveBeenCalledWith(reason);
    expect(opened[0]!.idle).not.toHaveBeenCalled();
  });
});
