import { formatDuration } from '../shared/format.ts';
import { part } from '../shared/parts.ts';
import type { Attack } from './attack.ts';
import type { AttackRun } from './attack-runs.ts';

export interface AttackButtons {
  /** What there is to attack has come or gone. */
  setReady(isReady: boolean): void;
  showRun(run: AttackRun): void;
}

const buttonOf = ({ id }: Attack): HTMLButtonElement => {
  const button = document.querySelector<HTMLButtonElement>(`button[data-attack="${id}"]`);
  if (!button) throw new Error(`The page has no button for the attack ${id}.`);
  return button;
};

/** What an attack is called on its button. */
export const nameOf = (attack: Attack): string => buttonOf(attack).querySelector('.attack-name')?.textContent ?? '';

/**
 * Connects the button of each attack, which also shows what came of it the last time. One that has nothing to do for now is
 * `aria-disabled`, so that it keeps the focus.
 */
export function connectAttackButtons(
  attacks: readonly Attack[],
  { start, isRunning }: { start(attack: Attack): void; isRunning(attack: Attack): boolean },
): AttackButtons {
  let ready = false;

  const setIdle = (attack: Attack): void =>
    buttonOf(attack).setAttribute('aria-disabled', String(!ready || isRunning(attack)));

  for (const attack of attacks) {
    buttonOf(attack).addEventListener('click', () => ready && !isRunning(attack) && start(attack));
  }

  return {
    setReady(isReady) {
      ready = isReady;
      for (const attack of attacks) setIdle(attack);
    },
    showRun(run) {
      const outcome = part(buttonOf(run.attack), 'outcome', HTMLElement);
      setIdle(run.attack);
      const again = run.againAt === undefined ? undefined : formatDuration(run.againAt - run.struckAt!);
      outcome.dataset.state = again ? 'again' : 'waiting';
      outcome.textContent = again ? `again after ${again}` : run.over ? '' : 'under way';
    },
  };
}
