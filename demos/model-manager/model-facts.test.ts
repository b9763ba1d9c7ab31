import { describe, expect, it } from 'vitest';
import {
  describeAge,
  guessTask,
  isComplete,
  nameAll,
  nameOf,
  packName,
  shortReference,
  shortenHash,
  taskOfConfig,
} from './model-facts.ts';

it.each([
  ['/models/insitu/all-MiniLM-L6-v2/', 'all-MiniLM-L6-v2'],
  ['Xenova/all-MiniLM-L6-v2', 'all-MiniLM-L6-v2'],
  ['org/name@v1.0', 'name@v1.0'],
  ['npm:package@1.2.3/path', 'path'],
  ['https://host.example/models/x/', 'x'],
  ['https://host.example/', 'https://host.example/'],
])('calls %s %s', (reference, name) => expect(nameOf(reference)).toBe(name));

it('tells apart models that share a name', () => {
  const models = [
    { model: '/a/same/', url: 'http://h/a/same/' },
    { model: '/b/same/', url: 'http://h/b/same/' },
    { model: '/b/other/', url: 'http://h/b/other/' },
  ];
  expect([...nameAll(models).values()]).toEqual(['/a/same/', '/b/same/', 'other']);
});

it('shortens references of its own origin only', () => {
  expect(shortReference('http://h:1/models/x/', 'http://h:1')).toBe('/models/x/');
  expect(shortReference('http://h:10/models/x/', 'http://h:1')).toBe('http://h:10/models/x/');
  expect(shortReference('org/name', 'http://h:1')).toBe('org/name');
});

describe('isComplete', () => {
  const file = (path: string, complete = true) => ({ path, complete, size: 1 });
  it('wants every file and a graph', () => {
    expect(isComplete({ files: [file('config.json'), file('onnx/model.onnx')] })).toBe(true);
    expect(isComplete({ files: [file('config.json'), file('onnx/model.onnx', false)] })).toBe(false);
    expect(isComplete({ files: [file('config.json')] })).toBe(false);
  });
});

it('guesses what a model is for', () => {
  expect(guessTask('/models/insitu/all-MiniLM-L6-v2-sst2/')).toBe('text-classification');
  expect(guessTask('/models/sentiment/all-MiniLM-L6-v2/')).toBe('feature-extraction');
  expect(taskOfConfig({ architectures: ['BertForSequenceClassification'] })).toBe('text-classification');
  expect(taskOfConfig({ architectures: ['BertModel'] })).toBe('feature-extraction');
  expect(taskOfConfig(null)).toBe('feature-extraction');
});

it('names packs so that every system takes the name', () => {
  expect(packName('/models/insitu/all-MiniLM-L6-v2/')).toBe('all-MiniLM-L6-v2.insitu.tar');
  expect(packName('org/name@refs/pr/1: x')).toBe('1-x.insitu.tar');
});

it('shortens hashes', () => expect(shortenHash('e3140cdf2cc132287030df851bfb5fdc')).toBe('e3140cdf…fb5fdc'));

it.each([
  [-5000, 'just now'],
  [59_000, 'just now'],
  [119_000, '1 minute ago'],
  [3_600_000, '1 hour ago'],
  [86_400_000, 'yesterday'],
  [3 * 86_400_000, '3 days ago'],
  [800 * 86_400_000, '2 years ago'],
])('says %d milliseconds ago as %s', (ago, words) => expect(describeAge(1e12 - ago, 1e12)).toBe(words));
