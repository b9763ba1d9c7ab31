import { describe, expect, it } from 'vitest';
import { manifestComplaint } from './model-manifest.ts';

const file = { path: 'onnx/model_quantized.onnx', size: 5, sha256: '0123456789abcdef'.repeat(4) };
const manifest = { format: 'insitu-model-1', model: 'org/name', files: [file] };
const withFile = (changes: object) => ({ ...manifest, files: [file, { ...file, ...changes }] });

describe('manifestComplaint', () => {
  it.each([
    ['a manifest', manifest],
    ['one with a revision', { ...manifest, revision: 'main' }],
    ['one with what a later version may add', { ...manifest, licence: 'MIT' }],
    ['an empty file', withFile({ size: 0 })],
    ['a file at the top', withFile({ path: 'config.json' })],
    ['names with dots', withFile({ path: '.config/..name/a..b' })],
  ])('has none of %s', (_, value) => {
    expect(manifestComplaint(value)).toBeUndefined();
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /must be an object/],
    ['null', null, /must be an object/],
    ['its text', JSON.stringify(manifest), /must be an object/],
    ['another format', { ...manifest, format: 'insitu-model-2' }, /must have the format "insitu-model-1"/],
    ['no format', { model: 'org/name', files: [file] }, /format/],
    ['no model', { ...manifest, model: undefined }, /must name its model/],
    ['no list', { ...manifest, files: { 'config.json': file } }, /must have a list of files/],
    ['an empty list', { ...manifest, files: [] }, /must have a list of files/],
    ['a list with a hole', { ...manifest, files: [file, null] }, /files\[1\]/],
    ['names instead of files', { ...manifest, files: ['config.json'] }, /files\[0\]/],
    ['no path', withFile({ path: undefined }), /files\[1\]/],
    ['an empty path', withFile({ path: '' }), /files\[1\]/],
    ['a path from the root', withFile({ path: '/etc/passwd' }), /files\[1\]/],
    ['a path that leaves the folder', withFile({ path: 'onnx/../../other/model.onnx' }), /files\[1\]/],
    ['a path by detours', withFile({ path: './config.json' }), /files\[1\]/],
    ['a folder', withFile({ path: 'onnx/' }), /files\[1\]/],
    ['no size', withFile({ size: undefined }), /files\[1\]/],
    ['a size as text', withFile({ size: '5' }), /files\[1\]/],
    ['a size below nothing', withFile({ size: -1 }), /files\[1\]/],
    ['a part of a byte', withFile({ size: 0.5 }), /files\[1\]/],
    ['an endless size', withFile({ size: Infinity }), /files\[1\]/],
    ['no sha256', withFile({ sha256: undefined }), /files\[1\]/],
    ['a short sha256', withFile({ sha256: file.sha256.slice(1) }), /files\[1\]/],
    ['a sha256 in capitals', withFile({ sha256: file.sha256.toUpperCase() }), /files\[1\]/],
    ['a sha256 and a line more', withFile({ sha256: `${file.sha256}\n` }), /files\[1\]/],
  ])('has one of %s', (_, value, complaint) => {
    expect(manifestComplaint(value)).toMatch(complaint);
  });
});
