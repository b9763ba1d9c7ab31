import type { FrameMessage, FrameStart } from '../../protocol/isolation.ts';

/** All code of the frame's document; the build puts it into `isolated-frame.html`. It starts the worker and watches it. */
function start({ data, ports, source }: MessageEvent<FrameStart>): void {
  const [control, channel, assets] = ports;
  if (source !== parent || !control || !channel || !assets) return;
  removeEventListener('message', start);
  const tell = (message: FrameMessage) => control.postMessage(message);
  control.onmessage = () => tell({ type: 'pong' });
  addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
    tell({ type: 'refused', directive: effectiveDirective }),
  );
  const script = new Blob([document.querySelector('#worker')!.textContent], { type: 'text/javascript' });
  // Chromium starts no module workers from blobs of opaque origins; a classic one imports the modules.
  const worker = new Worker(URL.createObjectURL(script), { name: 'insitu' });
  worker.onerror = ({ message }) => tell({ type: 'died', message });
  worker.onmessage = () => tell({ type: 'strange' });
  worker.postMessage(data, [channel, assets]);
  tell({ type: 'up' });
}

addEventListener('message', start);
