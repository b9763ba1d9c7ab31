// @ts-check

/** @typedef {'readSmall' | 'memorySmall' | 'storeSmall' | 'readLarge' | 'memoryLarge' | 'storeLarge'} StoreKey */

/** @type {import('../comparison.mjs').Figure<StoreKey>[]} */
export const figures = [
  { key: 'readSmall', label: '23 MB, storage to bytes', unit: 'time', target: { ratio: 0.6 } },
  { key: 'memorySmall', label: '23 MB, peak of extra memory', unit: 'megabytes', target: { ratio: 0.6 } },
  { key: 'storeSmall', label: '23 MB, download to stored', unit: 'time' },
  { key: 'readLarge', label: '500 MB, storage to bytes', unit: 'time', target: { ratio: 0.6 } },
  { key: 'memoryLarge', label: '500 MB, peak of extra memory', unit: 'megabytes', target: { ratio: 0.6 } },
  { key: 'storeLarge', label: '500 MB, download to stored', unit: 'time' },
];
