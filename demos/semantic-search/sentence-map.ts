import { element, part, shape } from '../shared/parts.ts';
import { findNearest, findTowards, fitInto, type Frame, type Place, placeLabels } from './map-layout.ts';
import type { Passage } from './passages.ts';

/** Pixels within which a pointer means a point. */
const reach = 26;
const mostLabels = 9;
const labelHeight = 18;

type Point = readonly [number, number];

export interface MapSearch {
  query: Point;
  /** Similarity of each passage. */
  scores: ArrayLike<number>;
  /** Passages of the hit list, best first. */
  hits: readonly number[];
}

export interface SentenceMap {
  /** Draws passages at their places on the plane. */
  show(passages: readonly Passage[], points: readonly Point[]): void;
  /** Draws where the query falls and which passages it found; `undefined` takes it away. */
  showSearch(search: MapSearch | undefined): void;
  /** Marks a passage; its tooltip is for those who do not read it in the list at the same time. */
  highlight(index: number | undefined, withTooltip: boolean): void;
}

/** The map. `onPoint` is told which passage the pointer or the keyboard is on. */
export function createSentenceMap(onPoint: (index: number | undefined) => void): SentenceMap {
  const root = part(document, 'map', HTMLElement);
  const canvas = part(root, 'map-canvas', SVGSVGElement);
  const tooltip = part(root, 'map-tooltip', HTMLElement);
  const empty = part(root, 'map-empty', HTMLElement);

  const layers = { grid: shape('g'), lines: shape('g'), points: shape('g'), labels: shape('g'), query: shape('g') };
  for (const [name, layer] of Object.entries(layers)) layer.setAttribute('class', `map-${name}`);
  for (const layer of [layers.grid, layers.lines, layers.labels, layers.query])
    layer.setAttribute('aria-hidden', 'true');
  layers.points.setAttribute('role', 'presentation');
  canvas.append(layers.grid, layers.lines, layers.labels, layers.points, layers.query);
  layers.query.append(shape('circle', { r: 7 }), shape('path', { d: 'M0-15v9M0 6v9M-15 0h9M6 0h9' }));

  let passages: readonly Passage[] = [];
  let points: readonly Point[] = [];
  let places: Place[] = [];
  let search: MapSearch | undefined;
  let elements: SVGGElement[] = [];

  const frame = (): Frame => ({ width: canvas.clientWidth || 600, height: canvas.clientHeight || 420, margin: 30 });

  const drawGrid = ({ width, height }: Frame): void => {
    const step = 40;
    const lines: string[] = [];
    for (let x = (width / 2) % step; x < width; x += step) lines.push(`M${x} 0V${height}`);
    for (let y = (height / 2) % step; y < height; y += step) lines.push(`M0 ${y}H${width}`);
    layers.grid.replaceChildren(shape('path', { d: lines.join('') }));
  };

  const drawLabels = (): void => {
    const sections = new Map<string, Place[]>();
    passages.forEach(({ section }, index) => sections.set(section, [...(sections.get(section) ?? []), places[index]!]));
    sections.delete('');
    if (sections.size > mostLabels || sections.size < 2) return layers.labels.replaceChildren();
    const names = [...sections.keys()];
    const centres = names.map((name) => {
      const members = sections.get(name)!;
      const mean = (axis: 'x' | 'y'): number => members.reduce((sum, place) => sum + place[axis], 0) / members.length;
      return { x: mean('x'), y: mean('y'), width: name.length * 8 + 8 };
    });
    const placed = placeLabels(centres, labelHeight, places, frame());
    layers.labels.replaceChildren(
      ...placed.map(({ x, y }, index) => {
        const label = shape('text', { x, y });
        label.textContent = names[index]!;
        return label;
      }),
    );
  };

  const drawSearch = (): void => {
    layers.query.toggleAttribute('data-shown', search !== undefined);
    canvas.toggleAttribute('data-searched', search !== undefined);
    const rankOf = new Map(search?.hits.map((index, at) => [index, at + 1]));
    elements.forEach((point, index) => {
      const rank = rankOf.get(index);
      const score = search?.scores[index];
      point.classList.toggle('is-hit', rank !== undefined);
      point.style.setProperty('--closeness', String(Math.max(0, Math.min(1, (score ?? 0) / 0.6)).toFixed(3)));
      const rankText = point.querySelector('text');
      if (rankText) rankText.textContent = rank === undefined ? '' : String(rank);
      const { text, section } = passages[index]!;
      const facts = [
        section,
        score === undefined ? '' : `similarity ${score.toFixed(2)}`,
        rank ? `hit ${rank}` : '',
      ].filter(Boolean);
      point.setAttribute('aria-label', [text, facts.join(', ')].filter(Boolean).join(' '));
    });
    // Hits lie above the others. Moving an element takes the focus from it, so that nothing moves under the keyboard.
    const isFocused = layers.points.contains(document.activeElement);
    if (!isFocused)
      for (const index of [...(search?.hits ?? [])].reverse())
        if (elements[index]) layers.points.append(elements[index]);

    if (!search || places.length === 0) return layers.lines.replaceChildren();
    const at = fitInto(points, frame())(search.query);
    layers.query.style.transform = `translate(${at.x}px, ${at.y}px)`;
    layers.lines.replaceChildren(
      ...search.hits
        .slice(0, 5)
        .map((index) =>
          shape('line', { x1: at.x, y1: at.y, x2: places[index]?.x ?? at.x, y2: places[index]?.y ?? at.y }),
        ),
    );
  };

  const draw = (): void => {
    const area = frame();
    canvas.setAttribute('viewBox', `0 0 ${area.width} ${area.height}`);
    drawGrid(area);
    places = points.map(fitInto(points, area));
    elements.forEach(
      (point, index) => (point.style.transform = `translate(${places[index]!.x}px, ${places[index]!.y}px)`),
    );
    drawLabels();
    drawSearch();
  };

  const showTooltip = (index: number | undefined): void => {
    tooltip.hidden = index === undefined;
    if (index === undefined) return;
    const { text, section } = passages[index]!;
    const score = search?.scores[index];
    const facts = [section, score === undefined ? '' : score.toFixed(2)].filter(Boolean).join(' · ');
    tooltip.replaceChildren(element('span', 'map-tooltip-text', text), element('span', 'map-tooltip-facts', facts));
    const { x, y } = places[index]!;
    const { width } = frame();
    const left = Math.max(8, Math.min(width - tooltip.offsetWidth - 8, x - tooltip.offsetWidth / 2));
    const above = y - tooltip.offsetHeight - 16;
    tooltip.style.transform = `translate(${left}px, ${above < 4 ? y + 18 : above}px)`;
  };

  const focusPoint = (index: number): void => {
    elements.forEach((point, at) => point.setAttribute('tabindex', at === index ? '0' : '-1'));
    elements[index]?.focus({ preventScroll: true });
  };

  canvas.addEventListener('keydown', (event) => {
    const from = elements.indexOf(document.activeElement as unknown as SVGGElement);
    if (from < 0) return;
    const ends: Record<string, number> = { Home: 0, End: elements.length - 1 };
    const to = ends[event.key] ?? findTowards(places, from, event.key);
    if (to === undefined && !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    if (to !== undefined) focusPoint(to);
  });
  const nearestTo = (event: PointerEvent | MouseEvent): number | undefined => {
    const box = canvas.getBoundingClientRect();
    return findNearest(places, { x: event.clientX - box.left, y: event.clientY - box.top }, reach);
  };
  canvas.addEventListener('pointermove', (event) => onPoint(nearestTo(event)));
  canvas.addEventListener('pointerleave', () => onPoint(undefined));
  canvas.addEventListener('click', (event) => {
    const nearest = nearestTo(event);
    if (nearest !== undefined) focusPoint(nearest);
  });
  canvas.addEventListener('focusout', () => onPoint(undefined));

  new ResizeObserver(() => {
    showTooltip(undefined);
    draw();
  }).observe(canvas);

  return {
    show(newPassages, newPoints) {
      [passages, points] = [newPassages, newPoints];
      search = undefined;
      elements = passages.map((_, index) => {
        const point = shape('g', {
          class: 'map-point',
          role: 'option',
          'data-testid': 'map-point',
          'data-index': index,
        });
        point.setAttribute('tabindex', index === 0 ? '0' : '-1');
        point.append(
          shape('circle', { r: 12, class: 'map-point-ring' }),
          shape('circle', { r: 4, class: 'map-point-dot' }),
          shape('text', { y: 3.5 }),
        );
        point.addEventListener('focus', () => onPoint(index));
        return point;
      });
      layers.points.replaceChildren(...elements);
      canvas.setAttribute(
        'aria-label',
        `Map of ${passages.length} sentences; arrow keys move to the next one in that direction`,
      );
      empty.hidden = passages.length > 0;
      draw();
    },
    showSearch(newSearch) {
      search = newSearch;
      drawSearch();
    },
    highlight(index, withTooltip) {
      elements.forEach((point, at) => {
        point.classList.toggle('is-pointed', at === index);
        point.setAttribute('aria-selected', String(at === index));
      });
      showTooltip(withTooltip && index !== undefined && index < passages.length ? index : undefined);
    },
  };
}
