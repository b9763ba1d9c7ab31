import { watchCspViolations } from '../../errors/csp-violations.ts';

export { type LiveAudioOptions, openLiveAudio } from './open-live-audio.ts';
export { runLive } from './run-live.ts';

// This file is a bundle of its own, and so has a list of refusals of its own.
watchCspViolations(globalThis.document);
