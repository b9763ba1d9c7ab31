/** What is said from one moment to another, in seconds. */
export interface Segment {
  text: string;
  start: number;
  end: number;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A moment as people read it: `0:07`, `12:34`, `1:02:03`. */
export function formatTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A moment as WebVTT wants it: `00:01:02.345`. */
function formatCueTime(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  const [hours, minutes] = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60];
  const rest = ((milliseconds % 60_000) / 1000).toFixed(3).padStart(6, '0');
  return `${two(hours)}:${two(minutes)}:${rest}`;
}

/** Segments as a file of subtitles (W3C WebVTT). */
export function toWebVtt(segments: readonly Segment[]): string {
  const escape = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const cues = segments.map(
    ({ text, start, end }) => `${formatCueTime(start)} --> ${formatCueTime(end)}\n${escape(text)}\n`,
  );
  return `WEBVTT\n\n${cues.join('\n')}`;
}

/** The segment that is heard at a moment; the one before it in a pause; -1 before the first. */
export function segmentAt(segments: readonly Segment[], seconds: number): number {
  const next = segments.findIndex(({ start }) => start > seconds);
  return (next < 0 ? segments.length : next) - 1;
}
