import { detectCapabilities, isInsituError } from 'insitu';
import { listReasons, summarisePlan } from '../shared/device-plan-view.ts';
import { describeFailure, showFailure } from '../shared/failure-notice.ts';
import { element, part, shape } from '../shared/parts.ts';
import { revealCurrentPage } from '../shared/site-nav.ts';
import { connectThemeToggle } from '../shared/theme-toggle.ts';
import { type CapabilityFact, listCapabilityFacts } from './capability-facts.ts';

const stateNames: Record<CapabilityFact['state'], string> = {
  used: 'used',
  found: 'found, not needed',
  missing: 'missing',
};

function createFact({ name, value, state }: CapabilityFact): HTMLElement {
  const row = element('div', 'fact');
  row.dataset.state = state;
  const definition = element('dd', 'fact-value', value);
  definition.append(element('span', 'visually-hidden', ` (${stateNames[state]})`));
  row.append(element('dt', 'fact-name', name), definition);
  return row;
}

async function showBrowser(): Promise<void> {
  const panel = part(document, 'browser', HTMLElement);
  try {
    const capabilities = await detectCapabilities();
    part(panel, 'browser-plan', HTMLElement).textContent = `A model will run on ${summarisePlan(capabilities.plan)}`;
    listReasons(part(panel, 'browser-reasons', HTMLUListElement), capabilities.plan);
    part(panel, 'browser-facts', HTMLElement).replaceChildren(...listCapabilityFacts(capabilities).map(createFact));
    part(panel, 'isolation-note', HTMLElement).hidden = capabilities.crossOriginIsolated;
    panel.dataset.state = 'ready';
  } catch (thrown) {
    panel.dataset.state = 'error';
    part(panel, 'browser-plan', HTMLElement).textContent = 'Not known';
    showFailure(
      part(panel, 'browser-failure', HTMLElement),
      describeFailure(thrown, isInsituError),
      () => void showBrowser(),
    );
  }
}

/** The dial of the sentiment card, drawn as the demo draws it. */
function drawPictureDial(): void {
  const ticks = 41;
  const reading = 0.8;
  const place = part(document, 'picture-dial', SVGGElement);
  for (let at = 0; at < ticks; at++) {
    const share = at / (ticks - 1);
    const isLit = share >= 0.5 && share <= reading;
    const transform = `rotate(${share * 180 - 90} 396 168)`;
    place.append(
      shape('line', { x1: 396, x2: 396, y1: at % 10 === 0 ? 80 : 86, y2: 72, transform, class: isLit ? 'is-lit' : '' }),
    );
  }
  place.append(
    shape('path', {
      d: 'M396 92l4 10h-8z',
      transform: `rotate(${reading * 180 - 90} 396 168)`,
      class: 'picture-needle',
    }),
  );
  const number = shape('text', { x: 396, y: 156, class: 'picture-number' });
  number.textContent = '80%';
  const label = shape('text', { x: 396, y: 180, class: 'picture-label' });
  label.textContent = 'positive';
  place.append(number, label);
}

connectThemeToggle();
revealCurrentPage();
drawPictureDial();
void showBrowser();
