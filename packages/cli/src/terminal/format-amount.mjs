// @ts-check

/** Decimal, as the Hub and browsers count. */
const units = [
  { size: 1e9, name: 'GB' },
  { size: 1e6, name: 'MB' },
  { size: 1e3, name: 'kB' },
];

/**
 * @param {number} bytes
 * @returns {string} For example `22.7 MB`.
 */
export function formatBytes(bytes) {
  const unit = units.find(({ size }) => bytes >= size);
  return unit ? `${(bytes / unit.size).toFixed(1)} ${unit.name}` : `${bytes} B`;
}

/**
 * @param {number} seconds
 * @returns {string} For example `1:05 min`.
 */
export function formatSeconds(seconds) {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return `${minutes}:${String(rest).padStart(2, '0')} min`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`;
}

/**
 * @param {number} count
 * @param {string} noun Its plural has an s.
 */
export function formatCount(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
