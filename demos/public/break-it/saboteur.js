// What the page "Break it" cannot do to a worker from outside. It takes orders as messages, which the library never sees.

const wholeFetch = self.fetch;
/** `sound`: as it is. `off`: no request gets through. `halved`: of a graph, half of the bytes arrive. */
let network = 'sound';

addEventListener('message', (event) => {
  const { sabotage } = event.data ?? {};
  if (sabotage === undefined) return;
  event.stopImmediatePropagation();
  if (sabotage === 'throw') throw new Error('Sabotage: an exception that nobody catches');
  network = sabotage;
});

self.fetch = async (resource, options) => {
  if (network === 'off') throw new TypeError('Failed to fetch');
  const response = await wholeFetch(resource, options);
  const isGraph = new URL(response.url).pathname.endsWith('.onnx');
  return network === 'halved' && isGraph && response.status === 200 ? halve(response) : response;
};

/** An answer that looks complete. */
async function halve(response) {
  const bytes = await response.arrayBuffer();
  const half = bytes.slice(0, bytes.byteLength / 2);
  const headers = new Headers(response.headers);
  headers.set('Content-Length', String(half.byteLength));
  return new Response(half, { headers });
}

Object.defineProperty(navigator, 'onLine', { get: () => network !== 'off' });
