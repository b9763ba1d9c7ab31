/** Something the page asked the network for. */
export interface ObservedRequest {
  /** `fetch`, `img`, `beacon`, `websocket`, ... or `blocked` where the security policy stopped it. */
  kind: string;
  url: string;
}

export interface RequestCounter {
  /** Forgets what was seen and counts from now on. */
  start(): void;
}

/** Connections that leave no resource timing entry. */
const connections = ['WebSocket', 'WebTransport', 'RTCPeerConnection'] as const;

type Constructor = new (...values: unknown[]) => object;

/** Reports each connection the page opens. Costs one proxy for each constructor; what they do stays the same. */
function watchConnections(report: (request: ObservedRequest) => void): void {
  const scope = globalThis as unknown as Record<string, Constructor | undefined>;
  for (const name of connections) {
    const original = scope[name];
    if (!original) continue;
    scope[name] = new Proxy(original, {
      construct(target, values: unknown[], newTarget) {
        report({ kind: name.toLowerCase(), url: typeof values[0] === 'string' ? values[0] : name });
        return Reflect.construct(target, values, newTarget) as object;
      },
    });
  }
}

/**
 * Counts what this page asks the network for: every resource timing entry of the document (files, fetches, images, beacons, the
 * scripts of workers), connections that have no such entry, and what the security policy refused. Requests made inside a worker
 * belong to that worker's own timeline, which a page cannot read.
 *
 * @param show Called with all requests since `start()`, at first with none.
 */
export function createRequestCounter(show: (requests: readonly ObservedRequest[]) => void): RequestCounter {
  let startedAt = Number.POSITIVE_INFINITY;
  let requests: ObservedRequest[] = [];

  const report = (request: ObservedRequest): void => {
    if (performance.now() < startedAt) return;
    requests.push(request);
    show(requests);
  };

  watchConnections(report);
  document.addEventListener('securitypolicyviolation', (event) => {
    if (event.disposition === 'enforce') report({ kind: 'blocked', url: event.blockedURI });
  });

  const observer = new PerformanceObserver((list) => {
    const later = list
      .getEntriesByType('resource')
      .filter((entry) => entry.startTime >= startedAt) as PerformanceResourceTiming[];
    if (later.length === 0) return;
    requests.push(...later.map((entry) => ({ kind: entry.initiatorType || 'other', url: entry.name })));
    show(requests);
  });

  return {
    start() {
      observer.disconnect();
      startedAt = performance.now();
      requests = [];
      show(requests);
      observer.observe({ type: 'resource', buffered: true });
    },
  };
}
