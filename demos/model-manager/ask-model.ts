import type { ByteSource } from 'insitu';
import { describeSource } from '../shared/byte-source.ts';
import { connectDisclosures } from '../shared/disclosure.ts';
import { countOf, formatBytes, formatDuration } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';
import { type ObservedRequest, createRequestCounter } from '../shared/request-counter.ts';
import { type AnsweringModel, loadAnsweringModel, questions, showAnswer } from './answers.ts';
import { describeLoad } from './model-actions.ts';
import { type AnsweringTask, guessTask, isComplete } from './model-facts.ts';
import type { NetworkSwitch } from './network-switch.ts';
import { siteModels, urlOf } from './site-models.ts';
import type { StoreWatch } from './store-watch.ts';
import { createWorkLine, setIdle } from '../shared/work-line.ts';

interface Choice {
  url: string;
  name: string;
  reference: string;
  revision?: string;
  task: AnsweringTask;
  /** Of how much of it is stored; empty where all of it is. */
  note: string;
}

interface Loaded {
  url: string;
  name: string;
  model: AnsweringModel;
  source: ByteSource;
  bytes: number;
}

/** How the number of requests is put: what they were for. */
function describeRequests(requests: readonly ObservedRequest[], modelUrl: string): string {
  const ofModel = requests.filter(({ url }) => url.startsWith(modelUrl)).length;
  const others = requests.length - ofModel;
  if (requests.length === 0) return 'none at all';
  return `${countOf(others, 'script')} of this site, ${ofModel} for the model`;
}

/** The box in which a stored model answers, with what proves where its bytes came from. */
export function connectAskModel(store: StoreWatch, network: NetworkSwitch, onLoaded: (url: string) => void): void {
  const root = part(document, 'ask', HTMLElement);
  const text = (name: string): HTMLElement => part(root, name, HTMLElement);
  const select = part(root, 'ask-model', HTMLSelectElement);
  const input = part(root, 'ask-text', HTMLInputElement);
  const go = part(root, 'ask-go', HTMLButtonElement);
  const answerPlace = text('answer');
  const work = createWorkLine(text('ask-work'), (busy) => setIdle(go, busy));
  let choices: Choice[] = [];
  let loaded: Loaded | undefined;
  let counting = false;
  let requests: readonly ObservedRequest[] = [];

  const showRequests = (): void => {
    const list = part(root, 'proof-list', HTMLUListElement);
    text('proof-requests').textContent = String(requests.length);
    text('proof-kinds').textContent = describeRequests(requests, select.value);
    list.replaceChildren(...requests.slice(-20).map(({ kind, url }) => element('li', '', `${kind} ${url}`)));
  };
  const counter = createRequestCounter((observed) => {
    if (!counting) return;
    requests = [...observed];
    showRequests();
  });

  const forget = (): void => {
    counting = false;
    answerPlace.replaceChildren(element('p', 'answer-empty', 'The answer appears here.'));
    for (const name of ['proof-source', 'proof-time', 'proof-requests']) text(name).textContent = '–';
    for (const name of ['proof-bytes', 'proof-load', 'proof-kinds']) text(name).textContent = '';
  };

  const showLoaded = (): void => {
    text('loaded').hidden = !loaded;
    if (loaded) text('loaded-words').textContent = `${loaded.name} is loaded: in use, and so safe from eviction.`;
  };

  const unload = async (): Promise<void> => {
    const before = loaded;
    loaded = undefined;
    showLoaded();
    // Its worker is gone or going; nobody is left to be told of a failure.
    await before?.model.dispose().catch(() => {});
  };

  const chosen = (): Choice | undefined => choices.find(({ url }) => url === select.value);

  const load = async (choice: Choice, signal: AbortSignal, show: (progress: number, words: string) => void) => {
    if (loaded?.url === choice.url) return loaded;
    await unload();
    let source: ByteSource = 'store';
    let bytes = 0;
    const model = await loadAnsweringModel(choice.task, choice.reference, {
      ...network.rules(),
      ...(choice.revision !== undefined && { revision: choice.revision }),
      signal,
      onProgress(event) {
        bytes = event.loaded;
        if (event.status === 'ready') ({ source } = event);
        // These two may come when the model has answered already.
        if (event.status === 'stored' && !counting) void store.refresh();
        if (event.status === 'not-stored')
          work.say(`Not kept for the next visit. ${event.message} ${event.hint}`, 'bad');
        show(event.progress, `Loading ${choice.name}: ${describeLoad(event)}`);
      },
    });
    loaded = { url: choice.url, name: choice.name, model, source, bytes };
    showLoaded();
    onLoaded(choice.url);
    return loaded;
  };

  const ask = async (): Promise<void> => {
    const choice = chosen();
    const question = input.value.trim();
    if (!choice || question === '' || work.busy) return;
    const wasLoaded = loaded?.url === choice.url;
    forget();
    requests = [];
    counting = true;
    counter.start();
    const startedAt = performance.now();
    const end = await work.run(
      `Asking ${choice.name}`,
      async ({ signal, show }) => {
        const { model, source, bytes } = await load(choice, signal, show);
        const loadedAt = performance.now();
        await model.prepare(signal);
        const preparedAt = performance.now();
        const answer = await model.answer(question, signal);
        return {
          answer,
          source,
          bytes,
          loaded: loadedAt - startedAt,
          prepared: preparedAt - loadedAt,
          answered: performance.now() - preparedAt,
        };
      },
      () => void ask(),
    );
    counting = false;
    if (end.state === 'cancelled') work.say('Stopped.');
    if (end.state === 'failed') {
      forget();
      // A model that failed to answer may have lost its worker.
      await unload();
    }
    if (end.state === 'done') {
      const { answer, source, bytes, loaded: loadTime, prepared, answered } = end.value;
      showAnswer(answerPlace, answer);
      text('proof-source').textContent = wasLoaded ? 'memory' : source;
      text('proof-bytes').textContent = wasLoaded
        ? `Loaded before: ${describeSource(source).toLowerCase()}`
        : `${describeSource(source)}, ${formatBytes(bytes)}`;
      text('proof-time').textContent = formatDuration(answered);
      text('proof-load').textContent = wasLoaded
        ? 'no load needed'
        : `after ${formatDuration(loadTime)} of loading${answer.kind === 'nearest' ? ` and ${formatDuration(prepared)} of reading the sentences` : ''}`;
      showRequests();
    }
    if (!wasLoaded) await store.refresh();
  };

  part(root, 'ask-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void ask();
  });
  part(root, 'unload', HTMLButtonElement).addEventListener('click', async () => {
    select.focus();
    await unload();
    await store.refresh();
  });

  /** The question the box opens with makes room for the other model's, but never for the visitor's own. */
  const suggest = (): void => {
    const suggestions: string[] = Object.values(questions);
    const choice = chosen();
    if (choice && (input.value === '' || suggestions.includes(input.value))) input.value = questions[choice.task];
  };
  select.addEventListener('change', suggest);

  network.onChange(async () => {
    // What is in memory would prove nothing about the store.
    work.cancel();
    work.clear();
    forget();
    await unload();
    await store.refresh();
  });

  store.subscribe(({ models, names }) => {
    const known = siteModels.map((model) => ({ ...model, url: urlOf(model) }));
    const noteOn = (url: string): string => {
      const model = models.find((one) => one.url === url);
      if (!model) return ' (not stored)';
      return isComplete(model) ? '' : ' (incomplete)';
    };
    choices = [
      ...known.map(({ url, name, reference, task }) => ({ url, name, reference, task, note: noteOn(url) })),
      ...models
        .filter(({ url }) => !known.some((one) => one.url === url))
        .map(({ url, model, revision }) => ({
          url,
          name: names.get(url) ?? model,
          reference: model,
          ...(revision !== undefined && { revision }),
          task: guessTask(model),
          note: noteOn(url),
        })),
    ];
    const before = select.value;
    select.replaceChildren(
      ...choices.map(({ url, name, task, note }) => {
        const answers = task === 'text-classification' ? 'tells the tone' : 'finds the nearest sentence';
        return new Option(`${name}: ${answers}${note}`, url, false, url === before);
      }),
    );
    suggest();
  });

  addEventListener('pagehide', () => {
    work.cancel();
    void unload();
  });
  connectDisclosures(root);
  forget();
}
