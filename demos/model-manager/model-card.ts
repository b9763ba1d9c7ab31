import { type StoredModel, weights } from 'insitu';
import { countOf, formatBytes, formatDuration } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';
import { showFiles } from './files-table.ts';
import { describeReload, exportModel, reloadModel, verifyModel } from './model-actions.ts';
import { describeAge, isComplete, shortReference } from './model-facts.ts';
import { createWorkLine, onPress, setIdle } from '../shared/work-line.ts';

export interface ModelCardContext {
  colour: string;
  rules(): { localFilesOnly: boolean };
  refresh(): Promise<void>;
  announce(words: string): void;
  /** Paths that a verification on this page found damaged, by the model's URL, until a load has had its chance to repair them. */
  findings: Map<string, readonly string[]>;
}

export interface ModelCard {
  readonly element: HTMLElement;
  show(model: StoredModel, name: string): void;
  focus(): void;
}

/** Subject and verb of what is said of the files that can be verified. */
function nameFiles(model: StoredModel): string {
  const whole = model.files.filter(({ complete }) => complete).length;
  if (whole === 1) return 'Its one complete file is';
  return isComplete(model) ? `All ${whole} files are` : `Its ${whole} complete files are`;
}

/** One stored model with all that can be done with it. */
export function createModelCard(
  first: StoredModel,
  { colour, rules, refresh, announce, findings }: ModelCardContext,
): ModelCard {
  const template = part(document, 'card-template', HTMLTemplateElement);
  const card = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
  const text = (name: string): HTMLElement => part(card, name, HTMLElement);
  const button = (name: string): HTMLButtonElement => part(card, name, HTMLButtonElement);
  const { url } = first;
  let model = first;
  let name = '';
  let saidSound = false;
  const damaged = (): readonly string[] => findings.get(url) ?? [];

  card.style.setProperty('--colour', colour);
  card.dataset.url = url;
  const files = text('files');
  files.id = `files-of-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  button('show-files').setAttribute('aria-controls', files.id);

  const actions = ['pin', 'verify', 'export', 'delete'].map(button);
  const work = createWorkLine(text('work'), (busy) => {
    showIdle();
    card.classList.toggle('is-busy', busy);
  });

  /** One thing at a time; and a pack of half a model would be none. */
  const showIdle = (): void => {
    for (const action of actions) setIdle(action, work.busy);
    if (!isComplete(model)) setIdle(button('export'), true);
  };

  const showTime = (which: 'used' | 'verified', at: number | undefined, never: string): void => {
    const time = part(card, which, HTMLTimeElement);
    time.textContent = at === undefined ? never : describeAge(at, Date.now());
    if (at === undefined) time.removeAttribute('datetime');
    else time.dateTime = new Date(at).toISOString();
    text(`${which}-note`).textContent =
      at === undefined ? '' : new Date(at).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
  };

  const showBadges = (): void => {
    const badges: [string, string][] = [];
    if (damaged().length > 0) badges.push(['damaged', 'bad']);
    if (!isComplete(model)) badges.push(['incomplete', 'bad']);
    if (model.inUse) badges.push(['in use now', 'live']);
    if (model.pinned) badges.push(['pinned', 'good']);
    text('badges').replaceChildren(...badges.map(([words, tone]) => element('li', `badge is-${tone}`, words)));
    text('badges').hidden = badges.length === 0;
  };

  const show = (): void => {
    const { files: all } = model;
    const whole = all.filter(({ complete }) => complete).length;
    text('name').textContent = name;
    text('reference').textContent = shortReference(model.model, location.origin);
    text('size').textContent = formatBytes(model.size);
    text('exact-size').textContent = countOf(model.size, 'byte');
    text('file-count').textContent = isComplete(model)
      ? `${all.length}, complete`
      : whole < all.length
        ? `${whole} of ${all.length} complete`
        : `${whole}, weights missing`;
    showTime('used', model.usedAt, 'Never');
    showTime('verified', model.verifiedAt, 'Not yet');
    if (damaged().length > 0) text('verified-note').textContent = 'found damaged';
    text('revision').textContent = model.revision ?? 'None';
    text('revision-note').textContent = model.revision ? '' : 'a plain folder';
    button('pin').textContent = model.pinned ? 'Unpin' : 'Pin';
    for (const action of actions) action.setAttribute('aria-label', `${action.textContent.trim()} ${name}`);
    text('actions').setAttribute('aria-label', `What can be done with ${name}`);
    showIdle();
    showBadges();
    showFiles(part(card, 'file-rows', HTMLTableSectionElement), all, damaged());
  };

  const sayVerified = (ok: boolean, milliseconds: number, before = ''): void => {
    saidSound = ok;
    const paths = damaged().join(', ');
    if (ok)
      work.say(
        `${before}${nameFiles(model)} byte for byte what was stored, checked in ${formatDuration(milliseconds)}.`,
        'good',
      );
    else if (damaged().length === 0) work.say('No file of it is whole yet: there is nothing to verify.');
    else {
      work.say(
        `${before}${paths} ${damaged().length === 1 ? 'is' : 'are'} damaged. A load fetches the damaged part anew.`,
        'bad',
        {
          name: 'Repair',
          testId: 'repair',
          run: () => void repair(),
        },
      );
    }
  };

  const verify = async (): Promise<void> => {
    const end = await work.run(
      `Verifying ${name}`,
      (tools) => verifyModel(model, tools),
      () => void verify(),
    );
    if (end.state === 'cancelled') return work.say('Stopped before the end: nothing is known.');
    if (end.state === 'failed') return;
    findings.set(url, end.value.damaged);
    sayVerified(end.value.ok, end.value.milliseconds);
    await refresh();
  };

  const repair = async (): Promise<void> => {
    const end = await work.run(
      `Loading ${name}`,
      async (tools) => {
        const reload = await reloadModel(model, rules(), tools);
        return { reload, ...(await verifyModel(model, tools)) };
      },
      () => void repair(),
    );
    if (end.state === 'cancelled') work.say('Stopped. The next load repairs it.');
    if (end.state === 'done') {
      findings.set(url, end.value.damaged);
      sayVerified(end.value.ok, end.value.milliseconds, `${describeReload(end.value.reload)} `);
    }
    await refresh();
  };

  const exportPack = async (): Promise<void> => {
    const end = await work.run(
      `Packing ${name}`,
      (tools) => exportModel(model, tools),
      () => void exportPack(),
    );
    if (end.state === 'cancelled') work.say('Stopped: there is no pack.');
    if (end.state === 'done')
      work.say(`${end.value.name}, ${formatBytes(end.value.size)}, is with the browser’s downloads.`, 'good');
  };

  const pin = async (): Promise<void> => {
    const pinned = !model.pinned;
    const end = await work.run(
      pinned ? 'Pinning' : 'Unpinning',
      () => weights.pin(url, pinned),
      () => void pin(),
    );
    if (end.state !== 'done') return;
    announce(`${name} is ${pinned ? 'pinned' : 'no longer pinned'}.`);
    await refresh();
  };

  const confirm = text('confirm');
  const askToDelete = (asking: boolean): void => {
    if (asking) {
      const uses = model.inUse ? ' It is in use: what has it loaded goes on with it.' : '';
      text('confirm-words').textContent =
        `Delete ${name}, ${formatBytes(model.size)}? The next load downloads it again.${uses}`;
    }
    confirm.hidden = !asking;
    button(asking ? 'confirm-no' : 'delete').focus();
  };
  const remove = async (): Promise<void> => {
    const end = await work.run(
      'Deleting',
      () => weights.remove(url),
      () => void remove(),
    );
    if (end.state !== 'done') return;
    announce(`${name} is deleted.`);
    await refresh();
  };

  onPress(button('pin'), () => void pin());
  onPress(button('verify'), () => void verify());
  onPress(button('export'), () => void exportPack());
  onPress(button('delete'), () => askToDelete(confirm.hidden !== false));
  button('confirm-no').addEventListener('click', () => askToDelete(false));
  button('confirm-yes').addEventListener('click', () => {
    askToDelete(false);
    void remove();
  });
  confirm.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') askToDelete(false);
  });
  button('show-files').addEventListener('click', () => {
    files.hidden = !files.hidden;
    button('show-files').setAttribute('aria-expanded', String(!files.hidden));
    button('show-files').textContent = files.hidden ? 'Show files' : 'Hide files';
  });

  return {
    element: card,
    show(now, called) {
      // Found elsewhere on the page: what stands here is no longer true.
      if (saidSound && damaged().length > 0 && !work.busy) work.clear();
      model = now;
      name = called;
      show();
    },
    focus: () => text('name').focus(),
  };
}
