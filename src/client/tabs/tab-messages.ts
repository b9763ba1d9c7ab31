import type { DevicePlan } from '../../protocol/device-plan.ts';
import type { LoadEvent } from '../../protocol/load-event.ts';
import type { Method } from '../../protocol/method.ts';
import type { Reply } from '../../protocol/reply.ts';
import type { InputKind, LoadRequest, RunEvent, RunRequest } from '../../protocol/worker-api.ts';
import type { HostingRules } from '../models/hosted-model.ts';
import type { HostStats, ModelStats } from '../observe/stats.ts';

/** What a tab needs to know of a model that another one has. */
export interface SharedModelInfo {
  plan: DevicePlan;
  takes: InputKind;
  sampleRate: number | undefined;
}

/** A run in another tab. */
export interface SharedRun extends Omit<RunRequest, 'modelId'> {
  model: number;
  abortable: boolean;
}

/** What the tab that owns the workers does for all tabs. Models are named by numbers of the tab that asks. */
export interface OwnerApi {
  load: Method<{ model: number; request: LoadRequest; rules: HostingRules }, SharedModelInfo, LoadEvent>;
  run: Method<SharedRun, unknown, RunEvent>;
  dispose: Method<number, null>;
  stats: Method<null, HostStats>;
  modelStats: Method<number, ModelStats>;
}

/** What all tabs hear. */
export type Announcement =
  /** A tab looks for the owner. */
  | { type: 'hello'; tab: string }
  /** Somebody became the owner, or is it no more: every tab says hello. */
  | { type: 'roll-call' };

/** What a tab tells the owner. Of what was sent to one that is gone, nothing comes back. */
export type TabMessage =
  /** `again`: an earlier owner has accepted it. */
  | { type: 'call'; call: number; method: keyof OwnerApi; argument: unknown; again: boolean }
  | { type: 'abort'; call: number }
  /** A piece of a result was read: asks for another. */
  | { type: 'taken'; call: number }
  /** The calls that it waits for. */
  | { type: 'waiting'; calls: number[] }
  /** It has another owner now, or needs none any more. */
  | { type: 'bye' };

/** What the owner tells a tab. */
export type OwnerMessage =
  /** Answers a hello. On a line that the tab has not known, nothing was asked for yet. */
  | { type: 'welcome' }
  | { type: 'event'; model: number; event: LoadEvent }
  | { type: 'run-event'; call: number; event: RunEvent }
  | { type: 'reply'; call: number; reply: Reply<unknown> }
  /** Something could not be read: asks which calls the tab waits for. */
  | { type: 'unread' };

/** A tab's channel is between it and the owner. Owners change, and one that was frozen may not know it yet. */
export interface Letter<Message extends TabMessage | OwnerMessage> {
  /** Name of the connection that it belongs to: the owner made it up when it welcomed the tab. */
  line: string;
  message: Message;
}
