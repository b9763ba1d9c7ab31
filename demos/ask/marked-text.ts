import { element } from '../shared/parts.ts';

/** Fills a place with a text, of which one part is marked. */
export function showMarked(place: HTMLElement, text: string, mark: { start: number; end: number } | undefined): void {
  if (!mark) place.replaceChildren(text);
  else {
    const { start, end } = mark;
    place.replaceChildren(text.slice(0, start), element('mark', 'found', text.slice(start, end)), text.slice(end));
  }
}
