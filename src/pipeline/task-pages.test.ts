import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registry } from './registry.ts';

const folder = new URL('../../docs/tasks/', import.meta.url);
const tasks = Object.entries(registry);
const pageOf = (task: string) => readFileSync(new URL(`${task}.md`, folder), 'utf8');

describe.each(tasks)('the page of %s', (task, { options }) => {
  const page = pageOf(task);

  it('begins with its name', () => {
    expect(page.split('\n')[0]).toBe(`# ${task}`);
  });

  it('names exactly the options that the worker knows', () => {
    const [, section = ''] = page.split('## Options');
    const [table = ''] = section.split('\n## ');
    const named = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(Object.keys(options)));
  });

  it('shows how to load and to stream it', () => {
    expect(page).toContain(`pipeline('${task}', '`);
    expect(page).toContain('.stream(');
  });
});

it('there is a page for each task and no other, and the index and README link to all', () => {
  const pages = readdirSync(folder).filter((file) => file !== 'README.md');
  expect(new Set(pages)).toEqual(new Set(tasks.map(([task]) => `${task}.md`)));
  const index = readFileSync(new URL('README.md', folder), 'utf8');
  expect(pages.filter((file) => !index.includes(`](${file})`))).toEqual([]);
  const readme = readFileSync(new URL('../../README.md', folder), 'utf8');
  expect(pages.filter((file) => !readme.includes(`](docs/tasks/${file})`))).toEqual([]);
});

it.each(['README.md', ...tasks.map(([task]) => `${task}.md`)])('the links of %s lead to files', (file) => {
  const text = readFileSync(new URL(file, folder), 'utf8').replaceAll(/^```[^]*?^```/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s#]+)/g)].map(([, target]) => new URL(target!, new URL(file, folder)));
  expect(links).not.toEqual([]);
  expect(links.filter((link) => link.protocol === 'file:' && !existsSync(link))).toEqual([]);
});
