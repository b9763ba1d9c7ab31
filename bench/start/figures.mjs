// @ts-check

/** @type {import('../comparison.mjs').Figure<keyof import('./measure-library.mjs').Sample>[]} */
export const figures = [
  { key: 'firstVisit', label: 'first visit, page to first embedding', unit: 'time', target: { ratio: 0.65 } },
  { key: 'secondVisit', label: 'second visit, page to first embedding', unit: 'time', target: { ratio: 0.4 } },
  { key: 'libraryBytes', label: 'bytes besides the weights', unit: 'bytes', target: { ratio: 0.6 } },
  { key: 'batch', label: '64 mixed texts, one call', unit: 'time', target: { ratio: 0.45 } },
  { key: 'oneByOne', label: '64 mixed texts, one at a time', unit: 'time' },
  { key: 'single', label: 'one sentence of 17 tokens, warm', unit: 'time' },
  { key: 'pauseFirstVisit', label: 'longest pause of the page, first visit', unit: 'pause' },
  { key: 'pauseSecondVisit', label: 'longest pause of the page, second visit', unit: 'pause' },
  { key: 'pauseBatch', label: 'longest pause of the page, batch', unit: 'pause' },
  { key: 'taskFirstVisit', label: 'longest reported task, first visit', unit: 'pause' },
  { key: 'taskSecondVisit', label: 'longest reported task, second visit', unit: 'pause' },
  { key: 'taskBatch', label: 'longest reported task, batch', unit: 'pause' },
  { key: 'modelRequestsSecondVisit', label: 'model requests, second visit', unit: 'count', target: { value: 0 } },
];
