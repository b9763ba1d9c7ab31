import { type RequestListener, createServer } from 'node:http';
import { createCdn } from './cdn.ts';
import { type Fault, type FaultTarget, createFaults } from './faults.ts';
import { createHubRoutes } from './hub-routes.ts';
import { type Repository, type RepositoryFiles, createRepository, readFolder } from './repository.ts';
import { type LoggedRequest, type RequestLog, createRequestLog } from './request-log.ts';
import { respond } from './respond.ts';
import type { Router } from './route.ts';

export interface HubOptions {
  /** Compress small files for clients that accept it; that form has no ranges. Default false. */
  gzip?: boolean;
  /** Which files lie on the CDN. Default `.onnx`, and what is larger than 1 MB. */
  isLfs?: (path: string, size: number) => boolean;
  /** Default false: a request to the CDN with a header that needs a preflight, such as If-Range, fails in a browser. */
  cdnAllowsPreflight?: boolean;
  /** Send small files by way of a redirect on the same origin, as the Hub does since 2025. Default false. */
  resolveCache?: boolean;
  /** Answer 401 to who asks for an unknown repository without a token, as the Hub does, instead of 404. Default false. */
  hidesUnknown?: boolean;
}

export interface Hub extends Pick<RequestLog, 'sent' | 'sentTwice' | 'count'> {
  /** Origin, without a slash at the end. */
  url: string;
  /** Origin to which requests for LFS files are redirected. */
  cdnUrl: string;
  /** Every request, in order of arrival. */
  log: LoggedRequest[];
  /** Makes a commit of exactly these files on `main`. */
  publish(repository: string, files: RepositoryFiles, options?: PublishOptions): string;
  /** Makes a commit of all files of a folder on disk on `main`. */
  publishFolder(repository: string, directory: string, options?: PublishOptions): Promise<string>;
  /** Refuses all requests for a repository, to the API too, that do not have this bearer token. */
  gate(repository: string, token: string): void;
  /**
   * Spoils answers. Faults of different kinds add up in one answer, where they can; of those that exclude each other the
   * oldest comes first, and the next one has to wait for another answer.
   *
   * @returns A function that withdraws the fault; answers it holds or stalls go on then.
   */
  fault(target: FaultTarget, fault: Fault): () => void;
  clearLog(): void;
  /** Resolves when no request is being answered, so that the log is final. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface PublishOptions {
  tag?: string;
}

/** Starts a server that answers browsers as huggingface.co and its CDN do, on two origins. */
export async function startHub(options: HubOptions = {}): Promise<Hub> {
  const { isLfs = (path, size) => path.endsWith('.onnx') || size > 1024 * 1024 } = options;
  const repositories = new Map<string, Repository>();
  const tokens = new Map<string, string>();
  const log = createRequestLog();
  const faults = createFaults();
  const running = new Set<Promise<void>>();

  const listenAs = (origin: LoggedRequest['origin'], findRoute: Router) =>
    listen((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const segments = pathname.slice(1).split('/').map(decoded);
      const route = findRoute(request, segments);
      const path = `/${segments.join('/')}`;
      const answered = respond(request, response, { origin, path, route, faults, entries: log.entries });
      running.add(answered);
      void answered.finally(() => running.delete(answered));
    });

  const cdn = createCdn(options.cdnAllowsPreflight ?? false);
  const cdnServer = await listenAs('cdn', cdn.route);
  const hubServer = await listenAs(
    'hub',
    createHubRoutes({
      repositories,
      tokens,
      gzip: options.gzip ?? false,
      resolveCache: options.resolveCache ?? false,
      hidesUnknown: options.hidesUnknown ?? false,
      signedUrl: (file) => cdnServer.url + cdn.sign(file),
    }),
  );

  function publish(name: string, files: RepositoryFiles, { tag }: PublishOptions = {}): string {
    const repository = repositories.get(name) ?? createRepository(name, isLfs);
    repositories.set(name, repository);
    return repository.publish(files, tag);
  }

  return {
    url: hubServer.url,
    cdnUrl: cdnServer.url,
    log: log.entries,
    sent: log.sent,
    sentTwice: log.sentTwice,
    count: log.count,
    publish,
    publishFolder: async (name, directory, published) => publish(name, await readFolder(directory), published),
    gate: (repository, token) => void tokens.set(repository, token),
    fault: faults.plant,
    clearLog: () => void log.entries.splice(0),
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    close: async () => void (await Promise.all([hubServer.close(), cdnServer.close()])),
  };
}

async function listen(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
