import type { ModelManifest } from './model-manifest.ts';

/** A model whose files have addresses: on the Hub, below a folder's URL, in an npm package. */
export interface RemoteModel {
  kind: 'remote';
  /** The reference as the user wrote it; names the model in messages. */
  reference: string;
  /** Absolute URL of the folder in Hub layout, with a slash at the end. The model's key in the store. */
  baseUrl: string;
  /** Branch, tag or commit; absent for a plain folder. */
  revision?: string;
  /** The address names one version for ever (a commit, an exact package version), so nobody needs to ask about it again. */
  immutable: boolean;
  /** Large files are redirected, and the Hub tells their SHA-256 in a pointer file beside them. */
  hub: boolean;
  /** Sent with every request for a file, and kept nowhere. */
  headers?: Readonly<Record<string, string>>;
}

/** A file that the user gave. */
export interface DiskFile {
  /** Inside the model's folder, with slashes. */
  path: string;
  file: File;
}

/** A model on the user's disk. It is read from there, and not stored again. */
export interface DiskModel {
  kind: 'disk';
  reference: string;
  files: readonly DiskFile[] | FileSystemDirectoryHandle;
}

/** Where the files of a model are. */
export type ModelLocation = RemoteModel | DiskModel;

/**
 * When the server is asked whether a stored file has changed there: before it is used, after the model is ready and at most once
 * in a session, or never.
 */
export type Revalidate = 'always' | 'background' | 'never';

/** How the files of a model are to be obtained. */
export interface FileRules {
  revalidate: Revalidate;
  /** Nothing is fetched. */
  localFilesOnly: boolean;
  /** What the files must be. */
  manifest?: ModelManifest | undefined;
  /** Name of the tab's session. A model is asked about once in it. */
  session: string;
}
