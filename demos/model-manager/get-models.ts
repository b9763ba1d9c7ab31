import { weights } from 'insitu';
import { formatBytes, formatDuration } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';
import { createByteTally } from './byte-tally.ts';
import { isComplete } from './model-facts.ts';
import type { NetworkSwitch } from './network-switch.ts';
import { type SiteModel, siteModels, urlOf } from './site-models.ts';
import type { StoreWatch } from './store-watch.ts';
import { createWorkLine, onPress, setIdle } from '../shared/work-line.ts';

/** The store takes a part each second: so often there is something new to see. */
const lookEvery = 1000;

interface Offer {
  element: HTMLElement;
  get(): Promise<void>;
  /** Takes away what was said under another rule. */
  forget(): void;
  show(): void;
}

function createOffer(offered: SiteModel, store: StoreWatch, network: NetworkSwitch): Offer {
  const { name, reference, task, purpose, bytes } = offered;
  const url = urlOf(offered);
  const item = element('li', 'offer');
  item.dataset.testid = 'offer';
  const words = element('div', 'offer-words');
  words.append(element('p', 'offer-name', name), element('p', 'offer-purpose', `${purpose}, ${formatBytes(bytes)}`));
  const button = element('button', 'button', 'Get');
  button.type = 'button';
  button.dataset.testid = 'get';
  const place = element('div', 'offer-work');
  item.append(words, button, place);
  const work = createWorkLine(place, () => show());

  const stored = () => store.snapshot?.models.find((model) => model.url === url);

  const show = (): void => {
    const model = stored();
    const state = !model ? 'absent' : isComplete(model) ? 'stored' : 'partial';
    const action = work.busy ? 'Getting' : { absent: 'Get', stored: 'Stored', partial: 'Resume' }[state];
    button.dataset.state = work.busy ? 'busy' : state;
    button.textContent = action;
    button.setAttribute('aria-label', `${action} ${name}`);
    setIdle(button, work.busy || state === 'stored');
  };

  const sayStopped = (): void => {
    const model = stored();
    if (!model) return work.say('Stopped before anything was stored.');
    if (isComplete(model)) return work.say('Stopped too late: all of it is stored.', 'good');
    work.say(`Stopped at ${formatBytes(model.size)} of ${formatBytes(bytes)}. Resume goes on from there.`);
  };

  const get = async (): Promise<void> => {
    const tally = createByteTally();
    let lookedAt = performance.now();
    const startedAt = performance.now();
    const end = await work.run(
      `Getting ${name}`,
      ({ signal, show: showProgress }) =>
        weights.prefetch(task, reference, {
          ...network.rules(),
          signal,
          onProgress(event) {
            tally.add(event);
            const { loaded } = event;
            const total = Math.max(bytes, event.total);
            const from = tally.resumedFrom > 0 ? `, going on from ${formatBytes(tally.resumedFrom)}` : '';
            showProgress(loaded / total, `${formatBytes(loaded)} of ${formatBytes(total)}${from}`);
            if (performance.now() - lookedAt < lookEvery) return;
            lookedAt = performance.now();
            void store.refresh();
          },
        }),
      () => void get(),
    );
    if (end.state === 'cancelled') {
      await store.refreshWhenIdle(url);
      return sayStopped();
    }
    if (end.state === 'done') {
      const from = tally.resumedFrom > 0 ? `, going on from ${formatBytes(tally.resumedFrom)}` : '';
      const time = formatDuration(performance.now() - startedAt);
      work.say(
        tally.fetched === 0
          ? 'All of it was stored already.'
          : `${formatBytes(tally.fetched)} fetched in ${time}${from}.`,
        'good',
      );
    }
    await store.refreshWhenIdle(url);
  };

  const forget = (): void => {
    if (!work.busy) work.clear();
  };

  onPress(button, () => void get());
  return { element: item, get, show, forget };
}

/** The models that this site serves, each with its way into the store. */
export function connectGetModels(store: StoreWatch, network: NetworkSwitch): void {
  const offers = siteModels.map((model) => createOffer(model, store, network));
  part(document, 'offers', HTMLUListElement).append(...offers.map((offer) => offer.element));
  store.subscribe(() => {
    for (const offer of offers) offer.show();
  });

  const note = part(document, 'get-note', HTMLElement);
  network.onChange((isOff) => {
    note.textContent = isOff ? 'No network is on: nothing is fetched.' : '';
    for (const offer of offers) offer.forget();
  });

  const [first] = offers;
  const fromEmpty = part(document, 'empty-get', HTMLButtonElement);
  const { name = '', bytes = 0 } = siteModels[0] ?? {};
  fromEmpty.textContent = `Get ${name}, ${formatBytes(bytes)}`;
  fromEmpty.addEventListener('click', () => {
    first?.element.querySelector('button')?.focus();
    void first?.get();
  });
}
