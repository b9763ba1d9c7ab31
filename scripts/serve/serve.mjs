// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startStaticServer } from './static-server.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4173' },
    'no-isolation': { type: 'boolean', default: false },
    models: { type: 'string' },
    'skip-build': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`Builds the library and the demos, fetches the models, and serves the gallery.

  npm start -- --port 8080      another port (default 4173; 0 takes any free one)
  npm start -- --no-isolation   without the COOP and COEP headers, as most hosts serve: one thread
  npm start -- --models <dir>   serve the models of this folder too, and before models/ (default public/models, where
                                "npx insitu pull" puts them)
  npm start -- --skip-build     serve what is built already`);
  process.exit(0);
}

const root = join(import.meta.dirname, '../..');

/** @param {string} script */
function run(script) {
  const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

// npm runs scripts at the root of the repository, wherever it was called.
const called = process.env['INIT_CWD'] ?? process.cwd();
const ownModels = values.models === undefined ? join(root, 'public/models') : resolve(called, values.models);
if (values.models !== undefined && !existsSync(ownModels)) {
  console.error(`There is no folder ${ownModels}. "npx insitu pull <ref> --out ${values.models}" makes it.`);
  process.exit(1);
}

if (!values['skip-build']) {
  run('models');
  run('build');
  run('build:demos');
} else if (!existsSync(join(root, 'demos/dist/index.html'))) {
  console.error('There is nothing built to serve. Run `npm start` without --skip-build.');
  process.exit(1);
}

const isolated = !values['no-isolation'];
const server = await startStaticServer({
  isolated,
  port: Number(values.port),
  mounts: [
    { prefix: '/', directory: join(root, 'demos/dist') },
    { prefix: '/dist/', directory: join(root, 'dist') },
    { prefix: '/models/', directory: ownModels },
    { prefix: '/models/', directory: join(root, 'models') },
  ],
}).catch((error) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`Port ${values.port} is taken. Try another: npm start -- --port 8080`);
  process.exit(1);
});
console.log(
  `\ninsitu demos: ${server.url}/  (${isolated ? 'cross-origin isolated' : 'not cross-origin isolated'}; Ctrl+C stops)`,
);
