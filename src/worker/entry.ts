import { assetFailure } from '../errors/asset-failure.ts';
import { watchCspViolations } from '../errors/csp-violations.ts';
import { detectWasm } from '../runtime/capabilities.ts';
import { fetchOrtAssets } from '../runtime/ort-assets.ts';
import { planDevice } from '../runtime/plan-device.ts';
import type { RuntimeModule } from '../runtime/runtime.ts';
import { openStore } from '../weights/store/open-store.ts';
import { answerCalls, reportFaults } from './answer-calls.ts';
import { createWorkerApi } from './serve.ts';

watchCspViolations(self);
// Everything large is on its way before the first message is read.
const ortAssets = fetchOrtAssets();
const runtimeUrl = new URL('./runtime.js', import.meta.url).href;
const runtimeModule: Promise<RuntimeModule> = import(/* webpackIgnore: true */ /* @vite-ignore */ runtimeUrl).catch(
  async (error) => {
    throw await assetFailure(runtimeUrl, 'The runtime of insitu', error);
  },
);
// Whoever loads a model sees the failure; it must not count as unhandled before that.
runtimeModule.catch(() => {});

reportFaults(self, self);
answerCalls(
  self,
  createWorkerApi({
    plan: async (threads) => planDevice(await detectWasm(), threads),
    startRuntime: async (plan) => (await runtimeModule).startRuntime(plan, ortAssets),
    openStore,
  }),
);
