import { describe, expect, it } from 'vitest';
import { defaultModels } from '../../protocol/default-models.ts';
import { taskAliases } from '../../protocol/task-map.ts';
import { registry } from '../registry.ts';
import { requireTask, taskFiles } from './task-files.ts';

const tasks = Object.keys(registry) as (keyof typeof registry)[];

describe('every task', () => {
  it('has files and a model of its own, and nothing else has', () => {
    expect(Object.keys(taskFiles).sort()).toEqual([...tasks].sort());
    expect(Object.keys(defaultModels).sort()).toEqual([...tasks].sort());
  });

  it.each(tasks)('%s needs a config and a graph, each file once', (task) => {
    const { needed, optional, graphs } = taskFiles[task];
    expect(needed[0], 'what says first that there is no model').toBe('config.json');
    expect(new Set([...needed, ...optional]).size).toBe(needed.length + optional.length);
    const names = typeof graphs === 'function' ? graphs({}) : graphs;
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(tasks)('%s has what it needs for what it takes', (task) => {
    // What hears as it comes has no processor: its task prepares the sound.
    const files = {
      text: 'tokenizer.json',
      image: 'preprocessor_config.json',
      audio: 'preprocessor_config.json',
      'live-audio': 'config.json',
    };
    expect(taskFiles[task].needed).toContain(files[registry[task].takes]);
  });

  it.each(tasks)('%s refuses what is no option', (task) => {
    const checks = Object.entries(registry[task].options);
    expect(checks.filter(([, check]) => check(Symbol('none')) === undefined)).toEqual([]);
    expect(checks.filter(([name]) => !/^[a-z][a-zA-Z]*$/.test(name))).toEqual([]);
  });
});

describe('graphs that depend on the kind of model', () => {
  const graphsOf = (task: keyof typeof taskFiles, model_type?: string) => {
    const { graphs } = taskFiles[task];
    return typeof graphs === 'function' ? graphs({ model_type }) : graphs;
  };

  it.each([
    ['automatic-speech-recognition', 'whisper', ['encoder_model', 'decoder_model_merged']],
    ['automatic-speech-recognition', undefined, ['encoder_model', 'decoder_model_merged']],
    ['automatic-speech-recognition', 'wav2vec2', ['model']],
    ['automatic-speech-recognition', 'hubert', ['model']],
    ['text-to-audio', 'vits', ['model']],
    ['text-to-audio', 'supertonic', ['text_encoder', 'latent_denoiser', 'voice_decoder']],
  ] as const)('of %s: a %s has %j', (task, kind, graphs) => {
    expect(graphsOf(task, kind)).toEqual(graphs);
  });
});

describe('requireTask', () => {
  it.each(tasks)('knows %s', (task) => {
    expect(requireTask(task)).toBe(task);
  });

  it.each(['mind-reading', '', 'constructor', '__proto__', 'Feature-Extraction', ...Object.keys(taskAliases)])(
    'refuses %j, and names those there are',
    (name) => {
      expect(() => requireTask(name)).toThrow(
        expect.objectContaining({
          code: 'TASK_UNKNOWN',
          message: expect.stringContaining(JSON.stringify(name)),
          hint: expect.stringMatching(/feature-extraction.*embeddings/s),
        }),
      );
    },
  );
});
