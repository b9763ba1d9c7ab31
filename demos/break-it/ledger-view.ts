import type { ClientStats } from 'insitu';
import { countOf, formatBytes } from '../shared/format.ts';
import { part } from '../shared/parts.ts';
import type { Tally } from './calls.ts';

export interface Ledger extends Tally {
  /** Rejections that nobody handled, on this page. */
  unhandled: number;
  /** Answers that differed from the first one of the same text, and all that were compared. */
  wrong: number;
  compared: number;
  /** Workers that have ended. */
  ended: number;
  stats: ClientStats | undefined;
}

const sums = ['made', 'answered', 'rejected', 'aborted', 'pending'] as const;
const zeros = ['overdue', 'unhandled', 'untyped', 'wrong'] as const;

/** The account of all calls: what was made is what has ended and what is on its way, and some numbers stay 0. */
export function createLedgerView(): (ledger: Ledger) => void {
  const root = part(document, 'ledger', HTMLElement);
  const places = Object.fromEntries([...sums, ...zeros].map((name) => [name, part(root, name, HTMLElement)]));
  const workers = part(root, 'workers-line', HTMLElement);

  const write = (name: string, value: number): void => {
    const place = places[name]!;
    const words = value.toLocaleString('en');
    if (place.textContent !== words) place.textContent = words;
  };

  return (ledger) => {
    for (const name of [...sums, ...zeros]) write(name, ledger[name]);
    for (const name of zeros) places[name]!.dataset.state = ledger[name] === 0 ? 'good' : 'bad';
    const alive = ledger.stats?.workers.length ?? 0;
    const spare = ledger.stats?.workers.some((worker) => worker.spare) ? ', one of them a spare' : '';
    const heap = ledger.stats?.heap ? ` · ${formatBytes(ledger.stats.heap)} of WebAssembly memory` : '';
    const words = `${countOf(alive, 'worker')} alive${spare} · ${ledger.ended.toLocaleString('en')} ended${heap} · ${countOf(ledger.compared, 'answer')} compared`;
    if (workers.textContent !== words) workers.textContent = words;
  };
}
