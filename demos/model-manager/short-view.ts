import type { StoredModel } from 'insitu';
import { formatBytes } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';
import { describeEviction, evictFor, orderEviction } from './eviction-order.ts';
import { describeAge } from './model-facts.ts';
import type { StoreWatch } from './store-watch.ts';

const megabyte = 1e6;

function whyItStays({ pinned, inUse }: StoredModel): string {
  return [pinned ? 'pinned' : '', inUse ? 'in use now' : ''].filter(Boolean).join(', ');
}

const whyItGoes = ({ usedAt }: StoredModel): string =>
  usedAt === undefined ? 'never used' : `last used ${describeAge(usedAt, Date.now())}`;

/** What would go if storage were short, by the library's own rule. Nothing is removed for it. */
export function connectShortView(store: StoreWatch, colourOf: (url: string) => string): void {
  const root = part(document, 'short', HTMLElement);
  const text = (name: string): HTMLElement => part(root, name, HTMLElement);
  const range = part(root, 'short-range', HTMLInputElement);
  const goesList = part(root, 'short-goes', HTMLOListElement);
  const staysList = part(root, 'short-stays', HTMLUListElement);

  const createItem = (model: StoredModel, name: string, why: string, isGone: boolean): HTMLElement => {
    const item = element('li', isGone ? 'short-item is-gone' : 'short-item');
    item.dataset.testid = 'short-item';
    item.style.setProperty('--colour', colourOf(model.url));
    const swatch = element('span', 'swatch');
    swatch.setAttribute('aria-hidden', 'true');
    item.append(
      swatch,
      element('span', 'short-name', name),
      element('span', 'short-why', `${formatBytes(model.size)}, ${why}${isGone ? ', would go' : ''}`),
    );
    return item;
  };

  const show = (): void => {
    const { snapshot } = store;
    if (!snapshot) return;
    const { models, names } = snapshot;
    const { goes, stays } = orderEviction(models);
    const all = models.reduce((sum, { size }) => sum + size, 0);
    range.max = String(Math.ceil((all * 1.2) / megabyte));
    range.disabled = models.length === 0;
    const missing = Number(range.value) * megabyte;
    const { gone } = evictFor(missing, goes);
    const nameOf = ({ url, model }: StoredModel): string => names.get(url) ?? model;

    text('short-amount').textContent = `${range.value} MB`;
    range.setAttribute('aria-valuetext', `${range.value} megabytes missing`);
    goesList.replaceChildren(
      ...goes.map((model) => createItem(model, nameOf(model), whyItGoes(model), gone.includes(model))),
    );
    staysList.replaceChildren(...stays.map((model) => createItem(model, nameOf(model), whyItStays(model), false)));
    text('short-stays-title').hidden = stays.length === 0;
    text('short-outcome').textContent = describeEviction(missing, { goes, stays }, nameOf);
  };

  range.addEventListener('input', show);
  store.subscribe(show);
}
