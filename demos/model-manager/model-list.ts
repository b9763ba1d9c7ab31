import { countOf } from '../shared/format.ts';
import { part } from '../shared/parts.ts';
import { type ModelCard, type ModelCardContext, createModelCard } from './model-card.ts';
import { isComplete } from './model-facts.ts';
import type { StoreWatch } from './store-watch.ts';

/** Ages are told in minutes. */
const agesEvery = 30_000;

export interface ModelList {
  /** Goes to a model's card. */
  focus(url: string): void;
}

/** A card for each stored model, the last used first. Cards stay as they are while their model is there, with all that is open in them. */
export function connectModelList(
  store: StoreWatch,
  colourOf: (url: string) => string,
  context: Omit<ModelCardContext, 'colour'>,
): ModelList {
  const list = part(document, 'models', HTMLUListElement);
  const empty = part(document, 'empty', HTMLElement);
  const note = part(document, 'stored-note', HTMLElement);
  const title = part(document, 'stored-title', HTMLElement);
  const cards = new Map<string, ModelCard>();

  const show = (): void => {
    const { snapshot } = store;
    if (!snapshot) return;
    const { models, names } = snapshot;
    const present = new Set(models.map(({ url }) => url));
    for (const [url, card] of cards) {
      if (present.has(url)) continue;
      const hadFocus = card.element.contains(document.activeElement);
      card.element.remove();
      cards.delete(url);
      // The focus was on what is gone: the heading of the list is the nearest thing that stays.
      if (hadFocus) title.focus({ preventScroll: true });
    }
    for (const [at, model] of models.entries()) {
      let card = cards.get(model.url);
      if (!card) cards.set(model.url, (card = createModelCard(model, { ...context, colour: colourOf(model.url) })));
      // Moving an element takes its focus away, so only what stands elsewhere is moved.
      if (list.children[at] !== card.element)
        keepFocus(() => list.insertBefore(card.element, list.children[at] ?? null));
      card.show(model, names.get(model.url) ?? model.model);
    }
    empty.hidden = models.length > 0;
    const partial = models.filter((model) => !isComplete(model)).length;
    note.textContent = [
      models.length === 0 ? '' : countOf(models.length, 'model') + (models.length > 1 ? ', the last used first' : ''),
      partial === 0 ? '' : `${partial} incomplete`,
    ]
      .filter(Boolean)
      .join(', ');
  };

  store.subscribe(show);
  setInterval(() => {
    if (document.visibilityState === 'visible') show();
  }, agesEvery);

  return { focus: (url) => cards.get(url)?.focus() };
}

function keepFocus(move: () => void): void {
  const { activeElement } = document;
  move();
  if (activeElement instanceof HTMLElement && activeElement !== document.activeElement) {
    activeElement.focus({ preventScroll: true });
  }
}
