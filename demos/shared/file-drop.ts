const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files that are dropped on an element, which has the class `is-dropping` while they hover over it. */
export function connectFileDrop(zone: HTMLElement, onFiles: (files: File[]) => void): void {
  zone.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    zone.classList.add('is-dropping');
  });
  zone.addEventListener('dragleave', (event) => {
    if (!zone.contains(event.relatedTarget as Node | null)) zone.classList.remove('is-dropping');
  });
  zone.addEventListener('drop', (event) => {
    zone.classList.remove('is-dropping');
    if (!carriesFiles(event)) return;
    event.preventDefault();
    onFiles([...(event.dataTransfer?.files ?? [])]);
  });
}

/** Lets a button stand for a hidden file input, and hands out what was chosen. */
export function connectFilePicker(
  button: HTMLButtonElement,
  input: HTMLInputElement,
  onFiles: (files: File[]) => void,
): void {
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    // The list is live and empties with the value, which is cleared so that the same file can be opened again.
    const files = [...(input.files ?? [])];
    input.value = '';
    if (files.length > 0) onFiles(files);
  });
}
