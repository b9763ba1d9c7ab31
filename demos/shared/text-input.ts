import { connectFileDrop, connectFilePicker } from './file-drop.ts';
import { countOf, formatMegabytes } from './format.ts';
import { part } from './parts.ts';

/** Milliseconds of rest after a keystroke before the text counts as changed. */
const restTime = 500;
/** A textarea with more than this stops being pleasant. */
const mostBytes = 2e6;
const textName = /\.(?:txt|md|markdown)$/i;

/** The heading of a file's text: its own first one, if it begins with one. */
function withHeading(name: string, text: string): string {
  return /^\s*# /.test(text) ? text.trim() : `# ${name.replace(textName, '')}\n${text.trim()}`;
}

/** The box for texts: typed, pasted, dropped or opened. `onText` gets the whole text whenever it has changed. */
export function connectTextInput(sampleText: string, onText: (text: string, isSample: boolean) => void): void {
  const zone = part(document, 'drop-zone', HTMLElement);
  const input = part(zone, 'document-input', HTMLTextAreaElement);
  const note = part(zone, 'texts-note', HTMLElement);
  let resting: ReturnType<typeof setTimeout> | undefined;

  const replace = (text: string): void => {
    clearTimeout(resting);
    input.value = text;
    input.scrollTop = 0;
    onText(text, text === sampleText);
  };

  const addFiles = async (files: readonly File[]): Promise<void> => {
    const texts: string[] = [];
    const refused: string[] = [];
    for (const file of files) {
      if (!textName.test(file.name) && !file.type.startsWith('text/')) refused.push(`${file.name} is not a text file`);
      else if (file.size > mostBytes) refused.push(`${file.name} has more than ${formatMegabytes(mostBytes)} MB`);
      else {
        try {
          texts.push(withHeading(file.name, await file.text()));
        } catch {
          refused.push(`${file.name} could not be read`);
        }
      }
    }
    note.textContent = [
      texts.length > 0 ? `${countOf(texts.length, 'file')} added.` : '',
      refused.length > 0 ? `${refused.join('; ')}.` : '',
    ]
      .filter(Boolean)
      .join(' ');
    if (texts.length === 0) return;
    const isOwn = input.value.trim() !== '' && input.value !== sampleText;
    replace([...(isOwn ? [input.value.trimEnd()] : []), ...texts].join('\n\n'));
  };

  input.addEventListener('input', () => {
    clearTimeout(resting);
    resting = setTimeout(() => onText(input.value, input.value === sampleText), restTime);
  });
  part(zone, 'use-sample', HTMLButtonElement).addEventListener('click', () => replace(sampleText));
  part(zone, 'clear', HTMLButtonElement).addEventListener('click', () => {
    replace('');
    input.focus();
  });
  const take = (files: readonly File[]): void => void addFiles(files);
  connectFilePicker(part(zone, 'pick', HTMLButtonElement), part(zone, 'files', HTMLInputElement), take);
  connectFileDrop(zone, take);

  // A task of its own: cutting a text into sentences for the first time takes a browser as long as the rest of the page's start.
  setTimeout(() => replace(sampleText));
}
