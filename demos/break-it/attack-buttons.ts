import { formatDuration } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';
import type { Attack } from './attack.ts';
import type { AttackRun } from './attack-runs.ts';

export interface AttackButtons {
  /** What there is to attack has come or gone. */
  setReady(isReady: boolean): void;
  showRun(run: AttackRun): void;
}

/**
 * A button for each attack, with what came of it the last time. One that has nothing to do for now is `aria-disabled`, so that it keeps
 * the focus.
 */
export function createAttackButtons(
  groups: Readonly<Record<string, readonly Attack[]>>,
  { start, isRunning }: { start(attack: Attack): void; isRunning(attack: Attack): boolean },
): AttackButtons {
  const buttons = new Map<Attack, { button: HTMLButtonElement; outcome: HTMLElement }>();
  let ready = false;

  const setIdle = (attack: Attack): void =>
    buttons.get(attack)!.button.setAttribute('aria-disabled', String(!ready || isRunning(attack)));

  for (const [name, attacks] of Object.entries(groups)) {
    const place = part(document, `attacks-${name}`, HTMLElement);
    for (const attack of attacks) {
      const button = element('button', 'attack');
      button.type = 'button';
      button.dataset.attack = attack.id;
      const outcome = element('span', 'attack-outcome');
      button.append(element('span', 'attack-name', attack.name), outcome, element('span', 'attack-line', attack.line));
      button.addEventListener('click', () => ready && !isRunning(attack) && start(attack));
      place.append(button);
      buttons.set(attack, { button, outcome });
      setIdle(attack);
    }
  }

  return {
    setReady(isReady) {
      ready = isReady;
      for (const attack of buttons.keys()) setIdle(attack);
    },
    showRun(run) {
      const { outcome } = buttons.get(run.attack)!;
      setIdle(run.attack);
      const again = run.againAt === undefined ? undefined : formatDuration(run.againAt - run.struckAt!);
      outcome.dataset.state = again ? 'again' : 'waiting';
      outcome.textContent = again ? `again after ${again}` : run.over ? '' : 'under way';
    },
  };
}
