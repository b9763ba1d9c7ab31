import { InsituError } from '../errors/insitu-error.ts';
import type { Connection } from './connection.ts';

/** A worker that starts with its first user and ends with its last: WebAssembly memory never shrinks. */
export interface SharedConnection<Api> {
  /** Counts one user more. A dead worker is replaced. */
  join(): Connection<Api>;
  leave(connection: Connection<Api>): void;
  close(reason: InsituError): void;
}

export function createSharedConnection<Api>(open: () => Connection<Api>): SharedConnection<Api> {
  let connection: Connection<Api> | undefined;
  let users = 0;
  let departures = 0;
  return {
    join() {
      if (!connection || connection.dead) {
        connection = open();
        users = 0;
      }
      users++;
      return connection;
    },
    leave(left) {
      if (left !== connection) return;
      users--;
      if (users > 0) return;
      const departure = ++departures;
      // An aborted call may still have something to store; so may that of a user who came and left meanwhile.
      void left.idle().then(() => {
        if (left === connection && users === 0 && departure === departures) left.close(ended());
      });
    },
    close(reason) {
      connection?.close(reason);
    },
  };
}

function ended(): InsituError {
  return new InsituError('DISPOSED', 'This pipeline was disposed of.', {
    hint: 'Load the model again with `pipeline()`.',
  });
}
