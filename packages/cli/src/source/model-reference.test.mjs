// @ts-check
import { expect, test } from 'vitest';
import { UsageError } from '../explained-error.mjs';
import { parseModelReference } from './model-reference.mjs';

test.each([
  ['gpt2', { kind: 'hub', id: 'gpt2', revision: undefined }],
  ['org/name', { kind: 'hub', id: 'org/name', revision: undefined }],
  ['org/name@v1.0', { kind: 'hub', id: 'org/name', revision: 'v1.0' }],
  ['org/name@refs/pr/12', { kind: 'hub', id: 'org/name', revision: 'refs/pr/12' }],
  ['https://host/a/b', { kind: 'folder', url: 'https://host/a/b/' }],
  ['http://host:8080/a/', { kind: 'folder', url: 'http://host:8080/a/' }],
  ['https://host', { kind: 'folder', url: 'https://host/' }],
  ['npm:name@1.2.3/models/one', { kind: 'npm', package: 'name', version: '1.2.3', path: 'models/one' }],
  ['npm:@scope/name@1/', { kind: 'npm', package: '@scope/name', version: '1', path: '' }],
  ['npm:name', { kind: 'npm', package: 'name', version: 'latest', path: '' }],
])('%s', (reference, expected) => {
  expect(parseModelReference(reference)).toEqual(expected);
});

test.each([
  '',
  ' ',
  'org/name/extra',
  'org//name',
  'org/..',
  '../..',
  'org/name@',
  'org/name@../main',
  'org/name@v1@v2',
  './models/name',
  '/models/name',
  'C:\\models',
  'file:///etc/passwd',
  'https://',
  'https://host:99999/',
  'https://host/model/?token=1',
  'https://host/model/#part',
  'https://user:password@host/model/',
  'npm:',
  'npm:../name',
  'npm:--registry',
  'npm:Name@1;calc',
  'npm:name@1 && calc/',
  'npm:name@1/../../x',
  'npm:name@1/a\\b',
])('%j is no reference', (reference) => {
  expect(() => parseModelReference(reference)).toThrow(UsageError);
});
