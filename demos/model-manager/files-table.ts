import type { StoredModelFile } from 'insitu';
import { formatBytes } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';
import { shortenHash } from './model-facts.ts';

function createCell(name: string, tag: 'td' | 'th' = 'td'): HTMLTableCellElement {
  const cell = element(tag, `file-${name}`);
  cell.setAttribute('role', tag === 'th' ? 'rowheader' : 'cell');
  if (tag === 'th') cell.setAttribute('scope', 'row');
  return cell;
}

function createCopyButton(hash: string, path: string): HTMLButtonElement {
  const button = element('button', 'file-copy', 'Copy');
  button.type = 'button';
  button.dataset.testid = 'copy';
  button.setAttribute('aria-label', `Copy the SHA-256 of ${path}`);
  const say = (words: string): void => {
    button.textContent = words;
    setTimeout(() => (button.textContent = 'Copy'), 1600);
  };
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(hash);
      say('Copied');
      part(document, 'announcement', HTMLElement).textContent = `The SHA-256 of ${path} is copied.`;
    } catch {
      // Not allowed here: the whole of it is in the title, to be copied by hand.
      say('Not allowed');
    }
  });
  return button;
}

function createRow({ path, size, complete, sha256 }: StoredModelFile, damaged: boolean): HTMLTableRowElement {
  const row = element('tr', damaged ? 'file is-damaged' : complete ? 'file' : 'file is-partial');
  row.setAttribute('role', 'row');
  row.dataset.testid = 'file';
  const pathCell = createCell('path', 'th');
  pathCell.textContent = path;
  const sizeCell = createCell('size');
  sizeCell.textContent = formatBytes(size);
  sizeCell.title = `${size.toLocaleString('en')} bytes`;
  const stateCell = createCell('state');
  stateCell.textContent = damaged ? 'damaged' : complete ? 'complete' : `${formatBytes(size)} so far`;
  const hashCell = createCell('hash');
  if (sha256) {
    const short = element('code', 'file-sha', shortenHash(sha256));
    short.title = sha256;
    hashCell.append(short, createCopyButton(sha256, path));
  } else hashCell.textContent = 'not known yet';
  row.append(pathCell, sizeCell, stateCell, hashCell);
  return row;
}

/** Fills the table of a model's files; leaves it alone where nothing has changed, so that the focus stays where it is. */
export function showFiles(
  rows: HTMLTableSectionElement,
  files: readonly StoredModelFile[],
  damaged: readonly string[],
): void {
  const version = JSON.stringify([files, damaged]);
  if (rows.dataset.version === version) return;
  rows.dataset.version = version;
  rows.replaceChildren(...files.map((file) => createRow(file, damaged.includes(file.path))));
}
