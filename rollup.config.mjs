// @ts-check
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import alias from '@rollup/plugin-alias';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';

const require = createRequire(import.meta.url);
const runtimeFolder = dirname(require.resolve('onnxruntime-web'));
const facade = join(import.meta.dirname, 'build/worker/runtime/onnxruntime-facade.js');

const minify = terser({
  module: true,
  // Bundlers of applications read these comments.
  format: { comments: /webpackIgnore|@vite-ignore/ },
});

/** One ONNX Runtime for us and for transformers.js, without the copy of the WebAssembly loader inside its bundle. */
const resolveRuntime = [
  alias({
    entries: [
      { find: 'onnxruntime-web/webgpu', replacement: facade },
      { find: 'onnxruntime-common', replacement: facade },
    ],
  }),
  nodeResolve({ browser: true, exportConditions: ['onnxruntime-web-use-extern-wasm'] }),
];

const copyRuntimeAssets = {
  name: 'copy-runtime-assets',
  writeBundle() {
    mkdirSync('dist', { recursive: true });
    for (const file of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
      copyFileSync(join(runtimeFolder, file), join('dist', file));
    }
  },
};

/** @type {import('rollup').RollupOptions[]} */
export default [
  {
    input: 'build/client/index.js',
    plugins: [nodeResolve({ browser: true })],
    output: [
      { file: 'dist/index.js', format: 'es', plugins: [minify], sourcemap: true },
      { file: 'dist/insitu.iife.js', format: 'iife', name: 'insitu', plugins: [terser()], sourcemap: true },
    ],
  },
  {
    input: 'build/worker/worker/entry.js',
    // TypeScript's helper for a computed import() looks for an older copy of itself on `this`.
    context: 'globalThis',
    plugins: [nodeResolve({ browser: true })],
    output: { file: 'dist/worker.js', format: 'es', plugins: [minify], sourcemap: true },
  },
  {
    input: 'build/worker/runtime/entry.js',
    plugins: [...resolveRuntime, copyRuntimeAssets],
    output: { file: 'dist/runtime.js', format: 'es', plugins: [minify] },
  },
];
