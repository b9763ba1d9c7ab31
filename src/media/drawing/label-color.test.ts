import { describe, expect, it } from 'vitest';
import { labelColor, labelRgb, luminance, readableOn } from './label-color.ts';

const labels = ['', 'person', 'cat', 'dog', 'car', ...Array.from({ length: 500 }, (_, index) => `LABEL_${index}`)];

describe('labelColor', () => {
  it('is always the same for a label, and another for the next', () => {
    expect(labelColor('cat')).toBe(labelColor('cat'));
    expect(new Set(labels.map(labelColor)).size).toBeGreaterThan(300);
  });

  it('is a colour of CSS', () => {
    for (const label of labels) expect(labelColor(label)).toMatch(/^rgb\(\d{1,3} \d{1,3} \d{1,3}\)$/);
    for (const channel of labels.flatMap(labelRgb)) {
      expect(channel).toBeGreaterThanOrEqual(0);
      expect(channel).toBeLessThanOrEqual(255);
    }
  });
});

describe('readableOn', () => {
  it.each([...labels.map(labelRgb), [0, 0, 0] as const, [255, 255, 255] as const, [119, 119, 119] as const])(
    'gives a contrast of at least 4.5 on %i %i %i',
    (...color) => {
      const [a, b] = [luminance(color), luminance(readableOn(color))];
      expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('knows the luminance of what WCAG gives as examples', () => {
    expect(luminance([255, 255, 255])).toBeCloseTo(1);
    expect(luminance([0, 0, 0])).toBe(0);
    expect(luminance([255, 0, 0])).toBeCloseTo(0.2126);
  });
});
