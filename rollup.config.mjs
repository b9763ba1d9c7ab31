// @ts-check
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import alias from '@rollup/plugin-alias';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { fillIsolatedFrame } from './scripts/build/isolated-frame.mjs';
import { withoutChains } from './scripts/build/without-chains.mjs';

const require = createRequire(import.meta.url);
const runtimeFolder = dirname(require.resolve('onnxruntime-web'));
const runtimeBuild = join(import.meta.dirname, 'build/worker/runtime/onnx');
const facade = join(runtimeBuild, 'onnxruntime-facade.js');

const minify = terser({
  module: true,
  ecma: 2020,
  compress: { passes: 3 },
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

/**
 * ONNX Runtime fetches its loader with one `import()` and lets it fetch the WebAssembly. Both are on their way long before
 * that, so the `import()` becomes a call of ours.
 */
const handOverOrtAssets = {
  name: 'hand-over-ort-assets',
  /** @param {string} code @param {string} id */
  transform(code, id) {
    if (!id.endsWith('/ort.wasm.min.mjs')) return null;
    const parts = code.split(/import\(\s*(?:\/\*[^*]*\*\/\s*)*\w+\s*\)/);
    if (parts.length !== 2) throw new Error(`${id} has ${parts.length - 1} dynamic imports, not one: look at it anew.`);
    const factory = JSON.stringify(join(runtimeBuild, 'ort-factory.js'));
    return { code: `import { importOrtFactory } from ${factory};\n${parts.join('importOrtFactory()')}`, map: null };
  },
};

/** TypeScript wraps every computed `import()` into a helper for relative paths of .ts files; ours are addresses. */
const plainImports = {
  name: 'plain-imports',
  /** @param {string} code */
  transform(code) {
    const helper = /^var __rewriteRelativeImportExtension =[\s\S]*?\n};\n/;
    if (!helper.test(code)) return null;
    return { code: code.replace(helper, '').replaceAll('__rewriteRelativeImportExtension', ''), map: null };
  },
};

/**
 * Vite turns smaller files into `data:` URLs, which a strict Content-Security-Policy refuses. The source map in them makes our small
 * parts large enough.
 */
const notInlined = {
  name: 'not-inlined',
  /** @param {unknown} _ @param {Record<string, { type: string, code?: string }>} bundle */
  generateBundle(_, bundle) {
    for (const [file, { type, code = '' }] of Object.entries(bundle)) {
      if (type === 'chunk' && code.length <= 4096) throw new Error(`${file} is so small that Vite would inline it.`);
    }
  },
};

/** A script tag knows its address only while it runs. */
const addressOfScript = {
  name: 'address-of-script',
  /** @param {string | null} property */
  resolveImportMeta: (property) => (property === 'url' ? 'scriptAddress' : null),
};
const scriptAddress =
  "const scriptAddress = typeof document === 'undefined' ? location.href : (document.currentScript?.src ?? document.baseURI);";

const copyRuntimeAssets = {
  name: 'copy-runtime-assets',
  writeBundle() {
    const wasm = join(runtimeFolder, 'ort-wasm-simd-threaded.wasm');
    const integrity = `sha256-${createHash('sha256').update(readFileSync(wasm)).digest('base64')}`;
    for (const source of ['src/runtime/onnx/ort-assets.ts', 'src/client/isolation/ort-wasm-integrity.ts']) {
      if (readFileSync(source, 'utf8').includes(integrity)) continue;
      throw new Error(`${wasm} is not what ${source} expects. If it was updated on purpose: ${integrity}`);
    }
    copyFileSync(wasm, 'dist/ort-wasm-simd-threaded.wasm');
    // Without the line break, package checkers and bundlers that only look for `export` at a word's start miss it.
    const loader = readFileSync(join(runtimeFolder, 'ort-wasm-simd-threaded.mjs'), 'utf8');
    writeFileSync('dist/ort-wasm-simd-threaded.mjs', loader.replaceAll('}export default', '}\nexport default'));
  },
};

/** The two scripts of the frame have their outputs before. */
const writeIsolatedFrame = {
  name: 'write-isolated-frame',
  writeBundle() {
    const [template = '', script = '', worker = ''] = [
      'src/client/isolation/isolated-frame.html',
      'build/isolation/frame-script.js',
      'build/isolation/worker.js',
    ].map((path) => readFileSync(path, 'utf8'));
    writeFileSync('dist/isolated-frame.html', fillIsolatedFrame(template, { script, worker }));
  },
};

/** Tabs of another version of the library may be open: they must not mix. */
const insertVersion = {
  name: 'insert-version',
  /** @param {string} code */
  renderChunk(code) {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    if (!code.includes('%VERSION%')) throw new Error('Nothing asks for the version.');
    return { code: code.replaceAll('%VERSION%', version), map: null };
  },
};

/** @type {import('rollup').RollupOptions[]} */
export default [
  {
    input: 'build/client/index.js',
    plugins: [plainImports, nodeResolve({ browser: true })],
    output: [
      { file: 'dist/index.js', format: 'es', plugins: [minify], sourcemap: true },
      {
        file: 'dist/insitu.iife.js',
        format: 'iife',
        name: 'insitu',
        intro: scriptAddress,
        plugins: [addressOfScript, terser({ ecma: 2020, compress: { passes: 3 } })],
        sourcemap: true,
      },
    ],
  },
  {
    input: 'build/client/client/weights.js',
    output: { file: 'dist/weights.js', format: 'es', plugins: [minify] },
  },
  {
    input: 'build/client/client/default-model.js',
    output: {
      file: 'dist/default-model.js',
      format: 'es',
      plugins: [minify, notInlined],
      sourcemap: 'inline',
      sourcemapExcludeSources: true,
    },
  },
  {
    input: 'build/client/client/models/spread-run.js',
    output: {
      file: 'dist/replicas.js',
      format: 'es',
      plugins: [minify, notInlined],
      sourcemap: 'inline',
      sourcemapExcludeSources: true,
    },
  },
  {
    input: 'build/client/client/learning/entry.js',
    output: { file: 'dist/learning.js', format: 'es', plugins: [minify], sourcemap: true },
  },
  {
    input: 'build/worker/pipeline/learning/entry.js',
    output: { file: 'dist/learning-worker.js', format: 'es', plugins: [minify, notInlined], sourcemap: true },
  },
  {
    input: 'build/client/media/entry.js',
    output: { file: 'dist/media.js', format: 'es', plugins: [minify, notInlined], sourcemap: true },
  },
  {
    input: 'build/client/media/draw.js',
    output: { file: 'dist/draw.js', format: 'es', plugins: [minify], sourcemap: true },
  },
  {
    input: 'build/client/media/live-audio/entry.js',
    output: { file: 'dist/live-audio.js', format: 'es', plugins: [minify, notInlined], sourcemap: true },
  },
  {
    input: 'build/client/media/live-audio/audio-worklet.js',
    output: {
      file: 'dist/audio-worklet.js',
      format: 'iife',
      plugins: [minify, notInlined],
      sourcemap: 'inline',
      sourcemapExcludeSources: true,
    },
  },
  {
    input: 'build/client/client/sessions/entry.js',
    plugins: [nodeResolve({ browser: true })],
    output: { file: 'dist/session.js', format: 'es', plugins: [minify, notInlined], sourcemap: true },
  },
  {
    input: 'build/client/client/tabs/entry.js',
    plugins: [nodeResolve({ browser: true })],
    output: { file: 'dist/tabs.js', format: 'es', plugins: [insertVersion, minify] },
  },
  {
    input: 'build/worker/runtime/capabilities.js',
    plugins: [nodeResolve({ browser: true })],
    output: {
      file: 'dist/capabilities.js',
      format: 'es',
      plugins: [minify, notInlined],
      sourcemap: 'inline',
      sourcemapExcludeSources: true,
    },
  },
  {
    input: 'build/worker/worker/entry.js',
    plugins: [plainImports, nodeResolve({ browser: true })],
    output: { file: 'dist/worker.js', format: 'es', plugins: [minify], sourcemap: true },
  },
  {
    input: 'build/worker/worker/weights-entry.js',
    plugins: [plainImports, nodeResolve({ browser: true })],
    output: { file: 'dist/weights-worker.js', format: 'es', plugins: [minify], sourcemap: true },
  },
  {
    input: 'build/worker/runtime/entry.js',
    plugins: [...resolveRuntime, withoutChains, handOverOrtAssets, copyRuntimeAssets],
    output: { file: 'dist/runtime.js', format: 'es', plugins: [minify] },
  },
  {
    input: 'build/client/client/isolation/frame-script.js',
    output: { file: 'build/isolation/frame-script.js', format: 'iife', plugins: [terser()] },
  },
  {
    input: 'build/worker/worker/isolated-entry.js',
    plugins: [plainImports],
    output: { file: 'build/isolation/worker.js', format: 'iife', plugins: [terser()] },
  },
  {
    input: 'build/client/client/isolation/entry.js',
    plugins: [plainImports, writeIsolatedFrame],
    output: { file: 'dist/isolation.js', format: 'es', plugins: [minify], sourcemap: true },
  },
  {
    input: 'packages/cli/src/main.mjs',
    external: [/^node:/],
    plugins: [nodeResolve({ preferBuiltins: true })],
    output: { file: 'dist/cli.js', format: 'es', plugins: [minify] },
  },
];
