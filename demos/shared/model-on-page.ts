import type { DevicePlan, LoadEvent, isInsituError as InsituErrorGuard } from 'insitu';
import { describeFailure } from './failure-notice.ts';
import { createLatencyView, type LatencyView } from './latency-view.ts';
import { createLoadPanel } from './load-panel.ts';
import { part, element } from './parts.ts';
import { createRequestCounter } from './request-counter.ts';

interface Model {
  readonly plan: DevicePlan;
  dispose(): Promise<void>;
}

export interface ModelOnPageOptions<M extends Model> {
  /** Shown in the readout; asked for at each load. */
  name(): string;
  load(options: { onProgress(event: LoadEvent): void; signal: AbortSignal }): Promise<M>;
  isInsituError: typeof InsituErrorGuard;
  /** Called with each model that became ready: at first, after a retry, and when the page comes back from the browser's cache. */
  onReady(model: M): void;
  /** The model is about to be disposed: nothing may use it from here on. */
  onGone(): void;
}

export interface ModelOnPage extends LatencyView {
  /** Gives the model up, or its load, and loads anew: for pages with a choice of models. */
  reload(): void;
}

/**
 * Ties a model to the life of the page: loads it at once with the readout showing how, offers a retry when that fails, gives its
 * memory back when the page is left.
 */
export function startModelOnPage<M extends Model>({
  name,
  load,
  isInsituError,
  onReady,
  onGone,
}: ModelOnPageOptions<M>): ModelOnPage {
  const root = part(document, 'readout', HTMLElement);
  const panel = createLoadPanel(root);
  const latency = createLatencyView(root);

  const requests = part(root, 'requests', HTMLElement);
  const requestList = part(root, 'request-list', HTMLUListElement);
  const counter = createRequestCounter((observed) => {
    requests.textContent = String(observed.length);
    requests.dataset.count = String(observed.length);
    requestList.replaceChildren(...observed.slice(-20).map(({ kind, url }) => element('li', '', `${kind} ${url}`)));
  });

  let leaving = new AbortController();
  let model: M | undefined;

  const start = async (): Promise<void> => {
    const { signal } = leaving;
    panel.showLoading(name());
    try {
      const loaded = await load({ onProgress: (event) => signal.aborted || panel.showEvent(event), signal });
      if (signal.aborted) return void (await loaded.dispose());
      model = loaded;
      panel.showReady(loaded.plan);
      counter.start();
      onReady(loaded);
    } catch (thrown) {
      if (!signal.aborted) panel.showFailure(describeFailure(thrown, isInsituError), () => void start());
    }
  };

  const leave = (): void => {
    leaving.abort();
    onGone();
    // Nobody is left to be told of a failure.
    model?.dispose().catch(() => {});
    model = undefined;
  };
  const begin = (): void => {
    leaving = new AbortController();
    void start();
  };

  addEventListener('pagehide', leave);
  addEventListener('pageshow', (event) => {
    if (event.persisted) begin();
  });

  void start();
  return {
    ...latency,
    reload() {
      leave();
      begin();
    },
  };
}
