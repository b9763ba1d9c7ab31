import { part } from '../shared/parts.ts';

export interface NetworkSwitch {
  readonly isOff: boolean;
  /** Options for every load of this page. */
  rules(): { localFilesOnly: boolean };
  onChange(react: (isOff: boolean) => void): void;
}

const notes = {
  off: 'Off: what is not stored is fetched.',
  on: 'On: every load of this page has localFilesOnly: true. It reads the store, or it fails.',
};

/** The switch “No network”. It binds what this page loads; it does not cut the connection of the browser. */
export function createNetworkSwitch(): NetworkSwitch {
  const button = part(document, 'no-network', HTMLButtonElement);
  const note = part(document, 'switch-note', HTMLElement);
  const listeners: ((isOff: boolean) => void)[] = [];
  let isOff = false;

  const show = (): void => {
    button.setAttribute('aria-checked', String(isOff));
    note.textContent = isOff ? notes.on : notes.off;
  };
  button.addEventListener('click', () => {
    isOff = !isOff;
    show();
    for (const react of listeners) react(isOff);
  });
  show();

  return {
    get isOff() {
      return isOff;
    },
    rules: () => ({ localFilesOnly: isOff }),
    onChange: (react) => void listeners.push(react),
  };
}
