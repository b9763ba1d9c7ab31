import { part } from '../shared/parts.ts';
import { onPress, setIdle } from '../shared/work-line.ts';
import { type Segment, toWebVtt } from './timeline.ts';

function download(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // The browser has begun by its next task.
  setTimeout(() => URL.revokeObjectURL(link.href));
}

/** Buttons that save a transcript as text and as subtitles. */
export function connectDownloads(
  segments: () => readonly Segment[],
  soundName: () => string,
): { show(some: boolean): void } {
  const text = part(document, 'save-text', HTMLButtonElement);
  const subtitles = part(document, 'save-vtt', HTMLButtonElement);
  const baseName = (): string => soundName().replace(/\.\w+$/, '');
  onPress(text, () => {
    const lines = segments().map((segment) => segment.text);
    download(`${baseName()}.txt`, 'text/plain', `${lines.join('\n')}\n`);
  });
  onPress(subtitles, () => download(`${baseName()}.vtt`, 'text/vtt', toWebVtt(segments())));
  return {
    show(some) {
      setIdle(text, !some);
      setIdle(subtitles, !some);
    },
  };
}
