import type { FrameStart } from '../protocol/isolation.ts';
import type { WorkerMessage } from '../protocol/messages.ts';
import type { ErrorRecord } from '../protocol/reply.ts';
import { guardScope, reportPolicyViolations } from './guard-scope.ts';
import { scriptUrl, takeAssets } from './handed-assets.ts';

/**
 * What runs in an isolated worker before its script. Afterwards the script finds a worker as usual: `self` is the channel to the page,
 * and knows no other.
 */
function begin({ data: { worker }, ports }: MessageEvent<FrameStart>): void {
  self.removeEventListener('message', begin);
  const [channel, assets] = ports as unknown as [MessagePort, MessagePort];
  const post = channel.postMessage.bind(channel) as (message: WorkerMessage) => void;
  const report = (what: string, detail: string) => post({ type: 'violation', what, detail });

  reportPolicyViolations(self as never, report);
  takeAssets(assets);
  guardScope(self, report);
  Object.defineProperty(self, 'postMessage', { value: post });

  const dispatch = self.dispatchEvent.bind(self);
  const Delivery = MessageEvent;
  const deliver = ({ data: message }: MessageEvent) => dispatch(new Delivery('message', { data: message }));
  // Not by `onmessageerror`: in Chromium that opens the channel too, before anybody listens.
  channel.addEventListener('messageerror', () => post({ type: 'fault', error: unreadable }));
  const url = scriptUrl(worker);
  import(/* webpackIgnore: true */ /* @vite-ignore */ url).then(
    () => (channel.onmessage = deliver),
    // Reaches the frame as an error of its worker.
    self.reportError,
  );
}

const unreadable: ErrorRecord = {
  code: 'INPUT_INVALID',
  message: 'The input holds something that cannot be sent to an isolated worker.',
  hint: 'Shared memory and handles of the file system do not leave the origin of their page.',
  retryable: false,
};

self.addEventListener('message', begin);
