import { part } from '../shared/parts.ts';
import { revealCurrentPage } from '../shared/site-nav.ts';
import { connectThemeToggle } from '../shared/theme-toggle.ts';
import { connectAskModel } from './ask-model.ts';
import { connectDamageView } from './damage-view.ts';
import { connectDiskModel } from './disk-model.ts';
import { connectGetModels } from './get-models.ts';
import { connectImportPack } from './import-pack.ts';
import { createModelColours } from './model-colours.ts';
import { connectModelList } from './model-list.ts';
import { createNetworkSwitch } from './network-switch.ts';
import { connectShortView } from './short-view.ts';
import { siteModels, urlOf } from './site-models.ts';
import { connectStoragePanel } from './storage-panel.ts';
import { createStoreWatch } from './store-watch.ts';

const announcement = part(document, 'announcement', HTMLElement);
const store = createStoreWatch();
const network = createNetworkSwitch();
const colourOf = createModelColours(siteModels.map(urlOf));
/** Damage that this page knows of. */
const findings = new Map<string, readonly string[]>();

const list = connectModelList(store, colourOf, {
  rules: () => network.rules(),
  refresh: () => store.refresh(),
  announce: (words) => (announcement.textContent = words),
  findings,
});
connectStoragePanel(store, colourOf, (url) => list.focus(url));
connectGetModels(store, network);
connectImportPack(store);
connectDiskModel();
connectAskModel(store, network, (url) => findings.delete(url));
connectShortView(store, colourOf);
connectDamageView(store, network, findings);
connectThemeToggle();
revealCurrentPage();

// Other tabs store and remove models too.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void store.refresh();
});
addEventListener('pageshow', (event) => {
  if (event.persisted) void store.refresh();
});
void store.refresh();
