import { expect, it } from 'vitest';
import { locateGraph } from './locate-graph.ts';

const locate = (reference: unknown, file?: string) => locateGraph(reference, file, {}, undefined);

it.each<[string, string | undefined, string, string]>([
  ['org/name', undefined, 'https://huggingface.co/org/name/resolve/main/', 'onnx/model.onnx'],
  ['org/name', 'onnx/other.onnx', 'https://huggingface.co/org/name/resolve/main/', 'onnx/other.onnx'],
  ['https://host.example/models/net.onnx', undefined, 'https://host.example/models/', 'net.onnx'],
  ['https://host.example/models/net/', 'net.onnx', 'https://host.example/models/net/', 'net.onnx'],
  [
    'npm:some-package@1.2.3/dist/net.onnx',
    undefined,
    'https://cdn.jsdelivr.net/npm/some-package@1.2.3/dist/',
    'net.onnx',
  ],
])('finds %s with the file %s', async (reference, file, baseUrl, path) => {
  expect(await locate(reference, file)).toMatchObject({ location: { kind: 'remote', baseUrl }, path });
});

it.each([
  ['a file', new File(['graph'], 'net.onnx'), 'net.onnx'],
  ['a blob', new Blob(['graph']), 'model.onnx'],
  ['bytes', new TextEncoder().encode('graph'), 'model.onnx'],
  ['a buffer', new TextEncoder().encode('graph').buffer, 'model.onnx'],
])('takes %s', async (_, given, path) => {
  const { location, path: found } = await locate(given);
  expect(found).toBe(path);
  if (location.kind !== 'disk' || !(location.files instanceof Array)) throw new Error('It is not of the disk.');
  expect(location.files.map((file) => file.path)).toEqual([path]);
  expect(await location.files[0]!.file.text()).toBe('graph');
});

it('finds the graph among files of the disk', async () => {
  const files = [new File([], 'config.json'), new File(['graph'], 'net.onnx')];
  expect(await locate(files, 'net.onnx')).toMatchObject({ location: { kind: 'disk' }, path: 'net.onnx' });
});

it.each([undefined, 7, {}, 'no model', 'https://host.example/net.onnx?token=1'])('refuses %s', async (given) => {
  await expect(locate(given)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
});
