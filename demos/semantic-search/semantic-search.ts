import { isInsituError, pipeline } from 'insitu';
import { describeFailure, hideFailure, showFailure } from '../shared/failure-notice.ts';
import { createLatestOnly } from '../shared/latest-only.ts';
import { startModelOnPage } from '../shared/model-on-page.ts';
import { element, part } from '../shared/parts.ts';
import { revealCurrentPage } from '../shared/site-nav.ts';
import { connectThemeToggle } from '../shared/theme-toggle.ts';
import { createHitList } from './hit-list.ts';
import { type Passage, splitPassages } from './passages.ts';
import { findPrincipalPlane, type PrincipalPlane } from './pca.ts';
import { createReadingView } from '../shared/reading-view.ts';
import { sampleQueries, sampleText } from './sample-text.ts';
import { createTextIndex, type SearchResult, type TextIndex } from '../shared/text-index.ts';
import { createSentenceMap } from './sentence-map.ts';
import { connectTextInput } from '../shared/text-input.ts';

const modelName = 'all-MiniLM-L6-v2';
const modelUrl = `/models/insitu/${modelName}/`;
const hitsShown = 8;
/** Sentences that decide the axes of the map, evenly spaced: more would hold up the main thread and hardly turn them. */
const mostAxisRows = 240;
/** Milliseconds of rest after a keystroke before a search. */
const restTime = 90;

const queryInput = part(document, 'query', HTMLInputElement);
const runFailure = part(document, 'run-failure', HTMLElement);
const mapNote = part(document, 'map-note', HTMLElement);

let index: TextIndex<Passage> | undefined;
let plane: PrincipalPlane | undefined;
let wanted: { passages: Passage[]; total: number } = { passages: [], total: 0 };
let pointedAt: number | undefined;
/** What is shown belongs to the texts before; a search would mix the two. */
let isReading = false;
let isUntouched = true;

const point = (at: number | undefined, onMap: boolean): void => {
  if (at === pointedAt) return;
  pointedAt = at;
  map.highlight(at, onMap);
  hitList.highlight(at);
};
const map = createSentenceMap((at) => point(at, true));
const hitList = createHitList(
  (at) => point(at, false),
  () => queryInput.focus(),
);

const search = createLatestOnly<string, SearchResult>((query, signal) => index!.search(query, signal), {
  done({ vector, scores }, query, milliseconds) {
    hideFailure(runFailure);
    latency.record(milliseconds);
    const { passages } = index!;
    const ranked = [...scores.keys()].sort((one, other) => scores[other]! - scores[one]!).slice(0, hitsShown);
    hitList.show(
      ranked.map((at) => ({ index: at, passage: passages[at]!, score: scores[at]! })),
      query,
      passages.length,
    );
    if (plane) map.showSearch({ query: plane.project(vector), scores, hits: ranked });
  },
  failed(thrown, query) {
    showFailure(runFailure, describeFailure(thrown, isInsituError), () => search.request(query));
  },
});

const requestSearch = (): void => {
  if (isReading) return;
  if (isUntouched && index) queryInput.value = sampleQueries[0] ?? '';
  const query = queryInput.value.trim();
  if (query !== '' && index && index.passages.length > 0) return search.request(query);
  search.cancel();
  hitList.show([], '', 0);
  map.showSearch(undefined);
};

/** The axes and the drawing are a task each: together they would make the page late for its visitor. */
const drawMap = async (drawnIndex: TextIndex<Passage>): Promise<void> => {
  const { passages, vectors, size } = drawnIndex;
  point(undefined, true);
  const row = (at: number): Float32Array => vectors.subarray(at * size, (at + 1) * size);
  const drawn = findPrincipalPlane(vectors, passages.length, size, Math.ceil(passages.length / mostAxisRows));
  plane = drawn;
  await new Promise((resolve) => setTimeout(resolve));
  if (index !== drawnIndex) return;
  map.show(
    passages,
    passages.map((_, at) => drawn.project(row(at))),
  );
  const share = Math.round((drawn.explained[0] + drawn.explained[1]) * 100);
  mapNote.textContent = passages.length < 3 ? '' : `2 of ${size} dimensions, ${share}% of the variance`;
  requestSearch();
};

const reader = createLatestOnly<Passage[], void>(
  (passages, signal) => index!.read(passages, (done) => readingView.reading(done, passages.length), signal),
  {
    done(_, passages, milliseconds) {
      hideFailure(runFailure);
      isReading = false;
      readingView.done(passages.length, wanted.total, milliseconds);
      void drawMap(index!);
    },
    failed(thrown) {
      isReading = false;
      readingView.failed();
      showFailure(runFailure, describeFailure(thrown, isInsituError), read);
    },
  },
);

const read = (): void => {
  if (!index) return readingView.waiting(wanted.passages.length);
  search.cancel();
  isReading = true;
  reader.request(wanted.passages);
};

const readingView = createReadingView(() => {
  reader.cancel();
  isReading = false;
  if (!index) return;
  readingView.stopped(index.passages.length, wanted.passages.length);
  void drawMap(index);
});

const latency = startModelOnPage({
  name: () => `${modelName}, q8`,
  load: (options) => pipeline('feature-extraction', modelUrl, { ...options, dtype: 'q8' }),
  isInsituError,
  onReady(embed) {
    index = createTextIndex(embed);
    read();
  },
  onGone() {
    reader.cancel();
    search.cancel();
    isReading = false;
    index = undefined;
  },
});

// The query the page opens with makes room for one's own.
queryInput.addEventListener('focus', () => {
  if (isUntouched) queryInput.select();
  isUntouched = false;
});

let resting: ReturnType<typeof setTimeout> | undefined;
queryInput.addEventListener('input', () => {
  clearTimeout(resting);
  resting = setTimeout(requestSearch, restTime);
});
queryInput.addEventListener('keydown', (event) => {
  if (event.key !== 'ArrowDown') return;
  event.preventDefault();
  hitList.focusFirst();
});
part(document, 'query-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(resting);
  requestSearch();
});

part(document, 'suggestions', HTMLElement).append(
  ...sampleQueries.map((query) => {
    const button = element('button', 'suggestion', query);
    button.type = 'button';
    button.addEventListener('click', () => {
      isUntouched = false;
      queryInput.value = query;
      requestSearch();
    });
    return button;
  }),
);

connectTextInput(sampleText, (text, isSample) => {
  // The opening query belongs to the sample.
  if (!isSample && isUntouched) {
    isUntouched = false;
    queryInput.value = '';
  }
  wanted = splitPassages(text);
  read();
});
connectThemeToggle();
revealCurrentPage();
