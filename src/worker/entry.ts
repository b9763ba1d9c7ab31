import { assetFailure } from '../errors/asset-failure.ts';
import { watchCspViolations } from '../errors/csp-violations.ts';
import { detectWasm } from '../runtime/capabilities.ts';
import { fetchOrtAssets, openOrtAssets } from '../runtime/onnx/ort-assets.ts';
import { planDevice } from '../runtime/plan-device.ts';
import type { RuntimeModule } from '../runtime/runtime.ts';
import { openStore } from '../weights/store/open-store.ts';
import { answerCalls, reportFaults } from './answer-calls.ts';
import { handedAssets } from './handed-assets.ts';
import { createWorkerApi } from './serve.ts';

watchCspViolations(self);
// Everything large is on its way before the first message is read.
const handed = handedAssets();
const ortAssets = handed ? openOrtAssets(handed) : fetchOrtAssets();
const runtimeModule = handed
  ? handed.runtime.then(importRuntime)
  : importRuntime(new URL('./runtime.js', import.meta.url).href);
// Whoever loads a model sees the failure; it must not count as unhandled before that.
runtimeModule.catch(() => {});

reportFaults(self, self);
answerCalls(
  self,
  createWorkerApi({
    plan: async (threads) => planDevice({ ...(await detectWasm()), inFrame: Boolean(handed) }, threads),
    startRuntime: async (plan) => (await runtimeModule).startRuntime(plan, ortAssets),
    openStore,
  }),
);

async function importRuntime(url: string): Promise<RuntimeModule> {
  try {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ url)) as RuntimeModule;
  } catch (error) {
    throw await assetFailure(url, 'The runtime of insitu', error);
  }
}
