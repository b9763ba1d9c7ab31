import { isInsituError, type StoredModel } from 'insitu';
import { describeFailure } from '../shared/failure-notice.ts';
import { formatBytes, formatDuration } from '../shared/format.ts';
import { part } from '../shared/parts.ts';
import { type FlippedByte, flipByte, readByte } from '../shared/damage-byte.ts';
import { type Reload, describeReload, reloadModel, verifyModel } from './model-actions.ts';
import { isComplete } from './model-facts.ts';
import type { NetworkSwitch } from './network-switch.ts';
import type { Snapshot, StoreWatch } from './store-watch.ts';
import { createWorkLine, onPress, setIdle } from '../shared/work-line.ts';

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

function describeFlip({ path, position, part: at, parts, partSize, before, after }: FlippedByte): string {
  return `Byte ${position.toLocaleString('en')} of ${path} was ${hex(before)} and is ${hex(after)}. It lies in part ${at} of ${parts}, ${formatBytes(partSize)}.`;
}

/** What a load made of the damaged byte. What a repair fetches, the events of a load may or may not tell. */
function describeRepair(reload: Reload, { partSize, before }: FlippedByte, now: number | undefined): string {
  const byte = now === before ? `The byte is ${hex(before)} again.` : 'The byte is as it was damaged.';
  const bytes =
    now === before && reload.fetched === 0
      ? ` Its part, ${formatBytes(partSize)}, was fetched for it; the load’s events do not count that.`
      : '';
  return `${describeReload(reload)} ${byte}${bytes}`;
}

/** The experiment: damage a byte, find it, load the model and see it whole again. */
export function connectDamageView(
  store: StoreWatch,
  network: NetworkSwitch,
  findings: Map<string, readonly string[]>,
): void {
  const root = part(document, 'damage', HTMLElement);
  const text = (name: string): HTMLElement => part(root, name, HTMLElement);
  const select = part(root, 'damage-model', HTMLSelectElement);
  const [flipButton, verifyButton, loadButton] = ['damage-flip', 'damage-verify', 'damage-load'].map((name) =>
    part(root, name, HTMLButtonElement),
  ) as [HTMLButtonElement, HTMLButtonElement, HTMLButtonElement];
  let flipped: { url: string; byte: FlippedByte } | undefined;

  const showButtons = (): void => {
    const isDamaged = flipped !== undefined && flipped.url === select.value;
    setIdle(flipButton, work.busy || select.value === '');
    for (const button of [verifyButton, loadButton]) setIdle(button, work.busy || !isDamaged);
  };
  const work = createWorkLine(text('damage-work'), showButtons);

  const chosen = (): StoredModel | undefined => store.snapshot?.models.find(({ url }) => url === select.value);
  const forgetResults = (...names: string[]): void => {
    for (const name of names) text(name).textContent = '';
  };

  const flip = async (): Promise<void> => {
    const model = chosen();
    if (!model) return;
    const largest = model.files.reduce((a, b) => (b.size > a.size ? b : a));
    const end = await work.run(
      'Damaging a byte',
      () => flipByte(model.url, largest.path),
      () => void flip(),
    );
    if (end.state !== 'done') return;
    flipped = { url: model.url, byte: end.value };
    forgetResults('verify-result', 'load-result');
    text('flip-result').textContent = describeFlip(end.value);
    showButtons();
  };

  const verify = async (): Promise<void> => {
    const model = chosen();
    if (!model) return;
    const end = await work.run(
      'Verifying',
      (tools) => verifyModel(model, tools),
      () => void verify(),
    );
    if (end.state !== 'done') return;
    const { ok, damaged, milliseconds } = end.value;
    findings.set(model.url, damaged);
    text('verify-result').textContent = ok
      ? `Every byte is right, checked in ${formatDuration(milliseconds)}.`
      : `Found in ${formatDuration(milliseconds)}: ${damaged.join(', ')} is not what was stored.`;
    await store.refresh();
  };

  const load = async (): Promise<void> => {
    const model = chosen();
    if (!model || !flipped) return;
    const { byte } = flipped;
    const end = await work.run(
      'Loading',
      async (tools) => {
        const reload = await reloadModel(model, network.rules(), tools);
        // The whole file may have been fetched anew, into other parts.
        const now = await readByte(byte);
        return describeRepair(reload, byte, now ?? byte.before);
      },
      () => void load(),
    );
    if (end.state === 'done') {
      findings.delete(model.url);
      text('load-result').textContent = end.value;
    }
    await store.refresh();
  };

  onPress(flipButton, () => void flip());
  onPress(verifyButton, () => void verify());
  onPress(loadButton, () => void load());
  select.addEventListener('change', () => {
    forgetResults('flip-result', 'verify-result', 'load-result');
    work.clear();
    showButtons();
  });

  const show = ({ models, names }: Snapshot): void => {
    const before = select.value;
    const whole = models.filter(isComplete).sort((a, b) => a.url.localeCompare(b.url));
    select.replaceChildren(
      ...whole.map(({ url, model }) => new Option(names.get(url) ?? model, url, false, url === before)),
    );
    select.disabled = whole.length === 0;
    if (whole.length === 0) select.replaceChildren(new Option('No whole model is stored', ''));
    if (before !== select.value) forgetResults('flip-result', 'verify-result', 'load-result');
    showButtons();
  };
  store.subscribe(show);
  store.onFailure((thrown) => (text('flip-result').textContent = describeFailure(thrown, isInsituError).message));
}
