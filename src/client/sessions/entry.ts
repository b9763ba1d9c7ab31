import { watchCspViolations } from '../../errors/csp-violations.ts';

export { openSession } from './open-session.ts';

// This file is a bundle of its own, and so has a list of refusals of its own.
watchCspViolations(globalThis.document);
