/** Red, green and blue of 0..255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Hues this far apart never come close to each other, however many there are. */
const goldenAngle = 137.508;
const [saturation, lightness] = [0.85, 0.5];

/**
 * The colour of a label, as CSS: the same on every page and at every time, so that a legend can show it too.
 *
 * @example
 * legend.style.color = labelColor('cat');
 */
export const labelColor = (label: string): string => css(labelRgb(label));

export const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;

/** The colour behind {@link labelColor}. */
export function labelRgb(label: string): Rgb {
  // FNV-1a, which spreads short words well.
  let hash = 0x811c9dc5;
  for (let index = 0; index < label.length; index++) hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193);
  const hue = ((hash >>> 0) * goldenAngle) % 360;
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - saturation * lightness * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Black or white, whichever is easier to read on a colour; that contrast is at least 4.5, as WCAG 2.2 wants it for text. */
export const readableOn = (color: Rgb): Rgb => (luminance(color) > 0.179 ? [0, 0, 0] : [255, 255, 255]);

/** Relative luminance, WCAG 2.2. */
export function luminance(color: Rgb): number {
  const linear = (value: number) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const [red, green, blue] = color;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
