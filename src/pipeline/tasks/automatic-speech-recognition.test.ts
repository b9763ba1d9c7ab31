import { expect, it } from 'vitest';
import type { WrittenByEngine } from '../../protocol/task-module.ts';
import { createContext, createEngine, loadTask } from '../fake-engine.conformance.ts';
import { automaticSpeechRecognition } from './automatic-speech-recognition.ts';

const sound = { kind: 'audio-samples', channels: [new Float32Array(1600)], rate: 16_000 };

/** The pieces of a stream over an engine that writes like this. */
async function piecesOf(pieces: string[], completionTokens: number): Promise<unknown[]> {
  const emitted: unknown[] = [];
  const engine = createEngine({
    sampleRate: 16_000,
    async write(_, __, { onText }) {
      for (const piece of pieces) onText!(piece);
      const value = { text: 'the ferry' };
      return { value, beyondStop: 0, promptTokens: 0, completionTokens, finishReason: 'stop' } as WrittenByEngine;
    },
  });
  const task = await loadTask(automaticSpeechRecognition, engine);
  const context = createContext({ streaming: true, emit: (piece) => void emitted.push(piece) });
  const { value } = await task.run([sound], {}, context);
  expect(value).toMatchObject({ output: { text: 'the ferry' }, usage: { completionTokens } });
  return emitted;
}

it('streams what a model writes token by token, and once what it spells at once', async () => {
  expect(await piecesOf(['the', ' ferry'], 2)).toEqual(['the', ' ferry']);
  expect(await piecesOf([], 0)).toEqual(['the ferry']);
});
