// @ts-check
// How insitu's worker gets a file of a model. The bench takes this code from `npm run build`, whose names these are.
import { createRoomKeeper } from '../../src/weights/store/room-keeper.ts';
import { createLoadMonitor } from '../../src/weights/model/load-monitor.ts';
import { openModel } from '../../src/weights/model/open-model.ts';
import { openStore } from '../../src/weights/store/open-store.ts';
import { openNewsChannel } from '../../src/weights/tabs/download-news.ts';
import { createFileLocks } from '../../src/weights/tabs/file-locks.ts';
import { answerCalls } from './pages/answer-calls.mjs';

answerCalls({
  async store({ model, path }) {
    const files = await open(model);
    await files.find(path);
    if (!(await files.keep())) throw new Error(`${path} was not stored.`);
    files.release();
  },
  async read({ model, path }) {
    const files = await open(model);
    const bytes = await files.find(path);
    if (!bytes) throw new Error(`There is no ${path}.`);
    return bytes;
  },
});

/** @param {string} model */
async function open(model) {
  const { store, refusal } = await openStore('indexeddb');
  if (refusal) throw refusal;
  const locks = createFileLocks();
  return openModel(
    {
      kind: 'remote',
      reference: model,
      baseUrl: new URL(`/models/${model}/`, location.origin).href,
      immutable: false,
      hub: false,
    },
    {
      store,
      locks,
      news: openNewsChannel(),
      room: createRoomKeeper(store, locks),
      rules: { revalidate: 'background', localFilesOnly: false, session: 'bench' },
      monitor: createLoadMonitor(() => {}),
      signal: new AbortController().signal,
    },
  );
}
