import { weights } from 'insitu';
import { connectFileDrop, connectFilePicker } from '../shared/file-drop.ts';
import { formatBytes } from '../shared/format.ts';
import { part } from '../shared/parts.ts';
import { nameOf, shortReference } from './model-facts.ts';
import type { StoreWatch } from './store-watch.ts';
import { createWorkLine, setIdle } from '../shared/work-line.ts';

/** Takes packs by a file input or a drop, one after the other. */
export function connectImportPack(store: StoreWatch): void {
  const zone = part(document, 'pack-zone', HTMLElement);
  const pick = part(zone, 'pack-pick', HTMLButtonElement);
  const work = createWorkLine(part(zone, 'pack-work', HTMLElement), (busy) => setIdle(pick, busy));

  const take = async ([pack, ...others]: readonly File[]): Promise<void> => {
    if (!pack || work.busy) return;
    const end = await work.run(
      `Importing ${pack.name}`,
      ({ signal, show }) =>
        weights.importPack(pack, {
          signal,
          onProgress: ({ loaded, total, progress }) =>
            show(progress, `Importing ${formatBytes(loaded)} of ${formatBytes(total)}`),
        }),
      () => void take([pack, ...others]),
    );
    if (end.state === 'cancelled') work.say('Stopped: nothing of the pack is stored.');
    if (end.state === 'done')
      work.say(`${nameOf(end.value)} is stored, and loads as ${shortReference(end.value, location.origin)}.`, 'good');
    await store.refresh();
    if (end.state === 'done') await take(others);
  };

  connectFilePicker(pick, part(zone, 'pack-file', HTMLInputElement), (files) => void take(files));
  connectFileDrop(zone, (files) => void take(files));
}
