import { isInsituError, weights } from 'insitu';
import { describeFailure, hideFailure, showFailure } from '../shared/failure-notice.ts';
import { countOf, formatBytes } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';
import { type Segment, type StorageLayout, layOutStorage } from './storage-layout.ts';
import type { Snapshot, StoreWatch } from './store-watch.ts';

const exact = (bytes: number): string => countOf(bytes, 'byte');

/** What the top of the page shows: what fills the storage, how much is left, and whether it stays. */
export function connectStoragePanel(
  store: StoreWatch,
  colourOf: (url: string) => string,
  onModel: (url: string) => void,
): void {
  const root = part(document, 'storage', HTMLElement);
  const text = (name: string): HTMLElement => part(root, name, HTMLElement);
  const bar = part(root, 'bar', HTMLUListElement);
  const legend = part(root, 'legend', HTMLUListElement);
  const tip = text('bar-tip');
  const failure = text('storage-failure');
  const persist = part(root, 'persist', HTMLButtonElement);

  const point = (segment: HTMLElement | undefined, key = '', words = ''): void => {
    for (const one of [...bar.children, ...legend.children] as HTMLElement[]) {
      one.classList.toggle('is-pointed', segment !== undefined && one.dataset.key === key);
    }
    tip.hidden = segment === undefined;
    if (!segment) return;
    tip.textContent = words;
    const middle = segment.offsetLeft + segment.offsetWidth / 2;
    const half = tip.offsetWidth / 2;
    tip.style.left = `${Math.max(half, Math.min(bar.offsetWidth - half, middle))}px`;
  };

  const describe = (
    { kind, bytes, url = '' }: Segment,
    names: Snapshot['names'],
  ): { key: string; name: string; size: string } => ({
    key: kind === 'model' ? url : kind,
    name: kind === 'model' ? (names.get(url) ?? url) : kind === 'other' ? 'Other data of this site' : 'Free',
    size: formatBytes(bytes),
  });

  const createSegment = (segment: Segment, names: Snapshot['names'], layout: StorageLayout): HTMLElement => {
    const { key, name, size } = describe(segment, names);
    const item = element('li', `segment is-${segment.kind}`);
    item.dataset.key = key;
    item.dataset.testid = 'segment';
    item.style.flexGrow = String(segment.share * 1000);
    if (segment.url) item.style.setProperty('--colour', colourOf(segment.url));
    if (segment.kind === 'free' && layout.broken) item.classList.add('is-cut');

    const body = segment.url ? element('button', 'segment-body') : element('span', 'segment-body');
    body.setAttribute('aria-label', segment.url ? `${name}, ${size}. Go to it.` : `${name}, ${size}`);
    if (body instanceof HTMLButtonElement) {
      body.type = 'button';
      body.addEventListener('click', () => onModel(key));
    } else {
      body.tabIndex = 0;
      body.setAttribute('role', 'img');
    }
    const words = `${name}, ${size}`;
    item.addEventListener('pointerenter', () => point(item, key, words));
    item.addEventListener('pointerleave', () => point(undefined));
    body.addEventListener('focus', () => point(item, key, words));
    body.addEventListener('blur', () => point(undefined));
    item.append(body);
    return item;
  };

  const createLegendItem = (segment: Segment, names: Snapshot['names']): HTMLElement => {
    const { key, name, size } = describe(segment, names);
    const item = element('li', `legend-item is-${segment.kind}`);
    item.dataset.key = key;
    if (segment.url) item.style.setProperty('--colour', colourOf(segment.url));
    const swatch = element('span', 'swatch');
    swatch.setAttribute('aria-hidden', 'true');
    item.append(swatch, element('span', 'legend-name', name), element('span', 'legend-size', size));
    item.addEventListener('pointerenter', () => {
      const own = ([...bar.children] as HTMLElement[]).find((one) => one.dataset.key === key);
      point(own, key, `${name}, ${size}`);
    });
    item.addEventListener('pointerleave', () => point(undefined));
    return item;
  };

  const showOther = ({ other, behind }: StorageLayout, used: number | undefined): void => {
    const isKnown = used !== undefined && !behind;
    text('other-bytes').textContent = isKnown ? formatBytes(other) : 'Not known';
    text('other-exact').textContent =
      used === undefined
        ? 'Only secure pages are told.'
        : behind
          ? 'The browser’s estimate lags behind.'
          : `${other < 1000 ? '' : `${exact(other)}, `}as the browser estimates`;
  };

  const showKept = (persisted: boolean): void => {
    text('kept').textContent = persisted ? 'Until you clear it' : 'While there is room';
    if (persisted) text('kept-note').textContent = 'The browser has promised to ask you first.';
    if (persisted && document.activeElement === persist) text('kept').focus();
    persist.hidden = persisted;
  };

  let focusedKey: string | undefined;
  bar.addEventListener('focusin', ({ target }) => {
    focusedKey = (target as Element).closest<HTMLElement>('.segment')?.dataset.key;
  });
  bar.addEventListener('focusout', () => (focusedKey = undefined));

  store.subscribe(({ models, usage, names }) => {
    hideFailure(failure);
    // The order of the bar is that of the colours, not that of use: a segment should not jump when its model is used.
    const ordered = [...models].sort((a, b) => (colourOf(a.url) < colourOf(b.url) ? -1 : 1));
    const layout = layOutStorage(ordered, usage);
    const hadFocus = focusedKey;
    bar.replaceChildren(...layout.segments.map((segment) => createSegment(segment, names, layout)));
    legend.replaceChildren(...layout.segments.map((segment) => createLegendItem(segment, names)));
    point(undefined);
    if (hadFocus !== undefined) {
      const same = ([...bar.children] as HTMLElement[]).find((one) => one.dataset.key === hadFocus);
      same?.querySelector<HTMLElement>('.segment-body')?.focus();
    }

    text('storage-sum').textContent =
      models.length === 0 ? 'No models' : `${formatBytes(usage.models)} in ${countOf(models.length, 'model')}`;
    text('bar-note').textContent = [
      layout.broken ? 'The free space is cut short to fit.' : '',
      layout.behind ? `The browser’s own estimate, ${formatBytes(usage.used ?? 0)}, has not caught up yet.` : '',
      usage.storage === 'memory' ? 'This browser refuses storage here: nothing outlives the page.' : '',
    ]
      .filter(Boolean)
      .join(' ');
    text('models-bytes').textContent = formatBytes(usage.models);
    text('models-exact').textContent = usage.models < 1000 ? '' : exact(usage.models);
    showOther(layout, usage.used);
    text('free-bytes').textContent = layout.free === undefined ? 'Not told' : formatBytes(layout.free);
    text('free-exact').textContent =
      layout.free === undefined ? '' : `${layout.free.toLocaleString('en')} of ${exact(usage.quota ?? 0)}`;
    showKept(usage.persisted);
  });

  store.onFailure((thrown) => {
    text('storage-sum').textContent = 'Not known';
    showFailure(failure, describeFailure(thrown, isInsituError), () => void store.refresh());
  });

  persist.addEventListener('click', () => {
    weights.persist().then(
      async (granted) => {
        await store.refresh();
        if (granted) return;
        text('kept-note').textContent =
          'The browser said no, and gives no reason. Most decide by how often you come, or by a bookmark. Nothing changes: models stay while there is room.';
      },
      (thrown: unknown) => showFailure(failure, describeFailure(thrown, isInsituError), () => persist.click()),
    );
  });
}
