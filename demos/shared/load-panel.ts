import type { DevicePlan, LoadEvent } from 'insitu';
import { describeSource } from './byte-source.ts';
import { connectDisclosures } from './disclosure.ts';
import { type Failure, hideFailure, showFailure } from './failure-notice.ts';
import { listReasons, nameSimd, summarisePlan } from './device-plan-view.ts';
import { formatMegabytes } from './format.ts';
import { part } from './parts.ts';

export interface LoadPanel {
  /** @param name Of the model. */
  showLoading(name: string): void;
  showEvent(event: LoadEvent): void;
  showReady(plan: DevicePlan): void;
  showFailure(failure: Failure, retry: () => void): void;
}

/** The readout above a demo: state, bytes and their source, the device and why. */
export function createLoadPanel(root: HTMLElement): LoadPanel {
  const status = part(root, 'status', HTMLElement);
  const statusText = part(root, 'status-text', HTMLElement);
  const progress = part(root, 'progress', HTMLElement);
  const source = part(root, 'source', HTMLElement);
  const fill = part(root, 'fill', HTMLElement);
  const planSummary = part(root, 'plan-summary', HTMLElement);
  const planReasons = part(root, 'plan-reasons', HTMLUListElement);
  const failurePlace = part(root, 'load-failure', HTMLElement);
  const announcement = part(root, 'announcement', HTMLElement);

  const nameNote = part(root, 'model-name', HTMLElement);
  connectDisclosures(root);

  let modelName = '';
  let origin = '';
  /** Whether the next visit finds the weights here, as soon as that is known. */
  let kept = '';

  const setState = (state: 'loading' | 'ready' | 'error', text: string): void => {
    status.dataset.state = state;
    root.dataset.state = state;
    statusText.textContent = text;
  };
  const setProgress = (share: number): void => {
    fill.style.transform = `scaleX(${share})`;
    progress.setAttribute('aria-valuenow', String(Math.round(share * 100)));
  };

  return {
    showLoading(name) {
      hideFailure(failurePlace);
      modelName = name;
      nameNote.textContent = name;
      origin = '';
      kept = '';
      setState('loading', 'Starting');
      announcement.textContent = `Loading ${modelName}.`;
      setProgress(0);
    },

    showEvent(event) {
      if ('source' in event) {
        origin = describeSource(event.source);
        source.dataset.source = event.source;
      } else if (event.status === 'not-stored') kept = `, not kept: ${event.message}`;
      else if (source.dataset.source === 'network') kept = ', kept for next time';
      source.textContent = origin + kept;
      // The others may come when the model is ready.
      if (!('source' in event)) return;

      const { loaded, total } = event;
      const isComplete = event.status === 'ready' || (event.progress === 1 && total > 0);
      if (event.status !== 'ready') setState('loading', isComplete ? 'Compiling' : 'Loading');
      setProgress(event.status === 'ready' ? 1 : event.progress);
      const size =
        isComplete || total === 0 ? formatMegabytes(loaded) : `${formatMegabytes(loaded)} of ${formatMegabytes(total)}`;
      progress.textContent = `${size} MB`;
      progress.setAttribute('aria-valuetext', `${size} megabytes`);
    },

    showReady(plan) {
      setState('ready', 'Ready');
      setProgress(1);
      planSummary.textContent = summarisePlan(plan);
      planSummary.title = nameSimd(plan.simd);
      listReasons(planReasons, plan);
      announcement.textContent = `${modelName} is ready.`;
    },

    showFailure(failure, retry) {
      setState('error', 'Not loaded');
      setProgress(0);
      progress.textContent = '–';
      source.textContent = 'None arrived';
      delete source.dataset.source;
      announcement.textContent = '';
      showFailure(failurePlace, failure, retry);
    },
  };
}
