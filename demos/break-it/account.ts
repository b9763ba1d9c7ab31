import type { AbortKind } from 'insitu';
import { countOf, formatDuration } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';
import { nameOf } from './attack-buttons.ts';
import type { AttackRun } from './attack-runs.ts';
import type { Call } from './calls.ts';

/** Tells of each attack: what was done, how each call ended, and when a call was answered again. */
export interface Account {
  show(run: AttackRun): void;
}

const mostEntries = 12;

const stops: Record<AbortKind, string> = {
  queued: 'it had not begun',
  step: 'the worker stopped by itself, and is warm',
  terminated: 'the worker was ended',
};

interface Entry {
  root: HTMLDetailsElement;
  outcome: HTMLElement;
  body: HTMLElement;
}

/** How a call ended, in words, after the moment of the attack where it was made before. */
function describeEnd({ outcome, calledAt, settledAt, abort }: Call, struckAt: number): string {
  if (settledAt === undefined) return 'on its way';
  const took = formatDuration(settledAt - calledAt);
  const since = formatDuration(Math.max(0, settledAt - struckAt));
  if (outcome === 'answered') return `answered in ${took}`;
  if (outcome === 'aborted') return `rejected ${since} after abort()${abort ? `; ${stops[abort]}` : ''}`;
  return calledAt < struckAt ? `rejected ${since} after the attack` : `rejected in ${took}`;
}

function createCallRow(call: Call, struckAt: number): HTMLElement {
  const { what, outcome, failure } = call;
  const row = element('li', 'entry-call');
  row.dataset.outcome = outcome;
  row.dataset.testid = 'entry-call';
  const title = element('p', 'entry-what', what);
  const end = element('p', 'entry-end', describeEnd(call, struckAt));
  row.append(title, end);
  if (failure) {
    end.prepend(element('code', 'failure-code', failure.code), ' ');
    const more = element('div', 'entry-more');
    const page = element('p', 'entry-page');
    page.append(element('code', '', `docs/errors/${failure.code}.md`));
    more.append(element('p', 'entry-message', failure.message), element('p', 'entry-hint', failure.hint), page);
    row.append(more);
  }
  return row;
}

/** What became of the stream in the meantime. */
function describeMeanwhile({ meanwhile }: AttackRun): string {
  const settled = [...meanwhile].filter(({ settledAt }) => settledAt !== undefined);
  if (meanwhile.size === 0) return 'No steady call was on its way.';
  const answered = settled.filter(({ outcome }) => outcome === 'answered');
  const longest = Math.max(0, ...settled.map(({ calledAt, settledAt }) => settledAt! - calledAt));
  const counts = `${countOf(meanwhile.size, 'steady call')} meanwhile: ${answered.length === meanwhile.size ? 'all' : answered.length} answered`;
  return `${counts}, the slowest in ${formatDuration(longest)}.`;
}

/** An attack in a sentence, for those who listen. */
export function summariseRun({ attack, calls, againAt, struckAt }: AttackRun): string {
  const codes = calls.flatMap(({ failure }) => failure?.code ?? []);
  const aborted = calls.filter(({ outcome }) => outcome === 'aborted').length;
  const ends = [
    ...(codes.length > 0 ? [`rejected with ${codes.join(', ')}`] : []),
    ...(aborted > 0 ? [`${countOf(aborted, 'call')} aborted`] : []),
  ];
  const again = againAt === undefined ? '' : ` Answered again after ${formatDuration(againAt - struckAt!)}.`;
  return `${nameOf(attack)}: ${ends.join(', ') || 'no call failed'}.${again}`;
}

export function createAccount(): Account {
  const list = part(document, 'account', HTMLElement);
  const empty = part(document, 'account-empty', HTMLElement);
  const entries = new Map<AttackRun, Entry>();

  const add = (run: AttackRun): Entry => {
    empty.hidden = true;
    const before = [...entries.values()].at(-1);
    if (before) before.root.open = false;
    const root = element('details', 'entry');
    root.dataset.testid = 'entry';
    root.dataset.attack = run.attack.id;
    root.open = true;
    const summary = element('summary', 'entry-head');
    const outcome = element('span', 'entry-outcome');
    outcome.dataset.testid = 'entry-outcome';
    summary.append(element('span', 'entry-name', nameOf(run.attack)), outcome);
    const body = element('div', 'entry-body');
    root.append(summary, body);
    list.prepend(root);
    const entry = { root, outcome, body };
    entries.set(run, entry);
    for (const old of entries.keys()) {
      if (entries.size <= mostEntries) break;
      entries.get(old)!.root.remove();
      entries.delete(old);
    }
    return entry;
  };

  return {
    show(run) {
      const { root, outcome, body } = entries.get(run) ?? add(run);
      const { attack, calls, notes, struckAt, againAt, over } = run;
      root.dataset.state = over ? 'over' : 'going';
      outcome.textContent =
        againAt !== undefined ? `answered again after ${formatDuration(againAt - struckAt!)}` : over ? '' : 'under way';
      const rows = element('ul', 'entry-calls');
      rows.append(...calls.map((call) => createCallRow(call, struckAt ?? Infinity)));
      const told = [...notes, ...(over ? [describeMeanwhile(run)] : [])];
      body.replaceChildren(
        element('p', 'entry-story', attack.story.replaceAll('`', '')),
        rows,
        ...told.map((words) => element('p', 'entry-note', words)),
      );
    },
  };
}
