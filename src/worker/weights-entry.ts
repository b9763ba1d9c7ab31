import { watchCspViolations } from '../errors/csp-violations.ts';
import { openStore } from '../weights/store/open-store.ts';
import { answerCalls, reportFaults } from './answer-calls.ts';
import { createWeightsApi } from './serve-weights.ts';

// A worker without a runtime: a page that only manages models loads 14 MB less.
watchCspViolations(self);
reportFaults(self, self);
answerCalls(self, createWeightsApi({ openStore: () => openStore('indexeddb') }));
