import { describe, expect, it } from 'vitest';
import { taskFiles } from '../files/task-files.ts';
import { filesOfModule, filesOfTask, importTaskModule } from './task-module.ts';

const moduleOf = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const run = 'run: async () => 1';

describe('importTaskModule', () => {
  it('gives what the module exports as `task`, by its address', async () => {
    const code = `export const task = { engine: 'text-classification', takes: 'text', options: { least: () => {} }, ${run} };`;
    expect(await importTaskModule('trial', moduleOf(code))).toMatchObject({ engine: 'text-classification' });
  });

  it.each([
    ['exports no `task`', 'export const taks = {};'],
    ['exports as `task` the number 7', 'export const task = 7;'],
    ['has no function `run`', `export const task = { engine: 'text-classification' };`],
    ['names as its engine undefined', `export const task = { ${run} };`],
    ['names as its engine "toString"', `export const task = { engine: 'toString', ${run} };`],
    [
      'names as its engine "voice-activity-detection"',
      `export const task = { engine: 'voice-activity-detection', ${run} };`,
    ],
    ['takes "smell"', `export const task = { engine: 'text-classification', takes: 'smell', ${run} };`],
    [
      'has for the option least',
      `export const task = { engine: 'text-classification', options: { least: 1 }, ${run} };`,
    ],
  ])('says of one that %s', async (complaint, code) => {
    await expect(importTaskModule('trial', moduleOf(code))).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(`The module of the task "trial" ${complaint}`),
    });
  });
});

describe('the files of a model', () => {
  it('are those of the engine, and more where the module says so', () => {
    const task = { engine: 'text-classification', run: async () => 1 } as const;
    expect(filesOfModule(task)).toEqual(taskFiles['text-classification']);
    expect(filesOfModule({ ...task, files: ['labels.json'], graphs: ['encoder'] })).toEqual({
      ...taskFiles['text-classification'],
      needed: [...taskFiles['text-classification'].needed, 'labels.json'],
      graphs: ['encoder'],
    });
  });

  it('are found by the name of a task, or by its module', async () => {
    expect(await filesOfTask({ task: 'feature-extraction' })).toBe(taskFiles['feature-extraction']);
    const module = moduleOf(`export const task = { engine: 'text-generation', ${run} };`);
    expect(await filesOfTask({ task: 'trial', module })).toEqual(taskFiles['text-generation']);
    await expect(filesOfTask({ task: 'trial' })).rejects.toMatchObject({ code: 'TASK_UNKNOWN' });
    const graph = { needed: ['some/graph.onnx'], optional: [], graphs: [] };
    expect(await filesOfTask({ task: 'session', graph: 'some/graph.onnx' })).toEqual(graph);
  });
});
