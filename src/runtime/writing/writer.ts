import {
  BaseStreamer,
  LogitsProcessor,
  LogitsProcessorList,
  StoppingCriteria,
  type Tensor,
} from '@huggingface/transformers';
import { createStopSequences } from './stop-sequences.ts';
import { createTextPieces } from './text-pieces.ts';
import { sampleToken, seededRandom } from './token-sampler.ts';

/** What of a model is needed to know how it writes. */
export interface WritingModel {
  _prepare_generation_config(
    config: null,
    options: object,
  ): {
    do_sample: boolean | null;
    temperature: number | null;
    top_k: number | null;
    top_p: number | null;
    eos_token_id: number | number[] | null;
  };
}

/** Follows `generate()` of transformers.js while it writes one text. */
export interface Writer {
  /** For the pipeline. */
  readonly options: Record<string, unknown>;
  end(): { text: string; beyondStop: number; completionTokens: number; finishReason: 'stop' | 'length' };
}

/**
 * @param options As transformers.js spells them, and `stop`, `seed`, `top_p`, which it lacks.
 * @param onText Hears the text as it is written.
 */
export function createWriter(
  model: WritingModel,
  decode: (tokens: readonly bigint[]) => string,
  { stop, seed, ...options }: Readonly<Record<string, unknown>>,
  onText?: (piece: string) => void,
): Writer {
  const { do_sample, temperature, top_k, top_p, eos_token_id } = model._prepare_generation_config(null, options);
  const endings = new Set([eos_token_id ?? []].flat().map(BigInt));
  const sequences = createStopSequences(stop as string | readonly string[] | undefined);
  const pieces = createTextPieces(decode);
  let certain = '';
  let told = 0;
  let completionTokens = 0;
  let ended = false;
  let stopAt = -1;

  const tell = (until: number) => {
    if (until > told) onText?.(certain.slice(told, until));
    told = Math.max(told, until);
  };

  const streamer = new (class extends BaseStreamer {
    #prompt = true;
    override put([tokens = []]: bigint[][]) {
      // What comes first was written by others.
      if (this.#prompt) {
        this.#prompt = false;
        return;
      }
      for (const token of tokens) {
        completionTokens++;
        ended = endings.has(token);
        certain += pieces.push(token);
      }
      if (stopAt < 0) stopAt = sequences.find(pieces.text);
      tell(stopAt < 0 ? sequences.certain(certain) : Math.min(stopAt, certain.length));
    }
    override end() {
      // A long recording is written in several goes, each with a prompt.
      this.#prompt = true;
    }
  })();
  const stopping = new (class extends StoppingCriteria {
    override _call(inputs: number[][]) {
      return inputs.map(() => stopAt >= 0);
    }
  })();
  const sampling = do_sample === true && temperature !== 0;

  return {
    options: {
      ...options,
      do_sample: false,
      streamer,
      stopping_criteria: stopping,
      ...(sampling && {
        logits_processor: drawing({
          temperature: temperature ?? 1,
          topK: top_k ?? 0,
          topP: top_p ?? 1,
          random: seed === undefined ? Math.random : seededRandom(Number(seed)),
        }),
      }),
    },
    end() {
      certain += pieces.end();
      if (stopAt < 0) stopAt = sequences.find(certain);
      const length = stopAt < 0 ? certain.length : stopAt;
      tell(length);
      return {
        text: certain.slice(0, length),
        beyondStop: certain.length - length,
        completionTokens,
        finishReason: ended || stopAt >= 0 ? 'stop' : 'length',
      };
    },
  };
}

/**
 * Sampling that transformers.js lacks (`top_p`, seeds): draws the token here, and leaves the greedy search that comes after no other
 * choice.
 */
function drawing(options: Parameters<typeof sampleToken>[1]): LogitsProcessorList {
  const list = new LogitsProcessorList();
  list.push(
    new (class extends LogitsProcessor {
      override _call(_: unknown, logits: Tensor) {
        const [rows = 0, size = 0] = logits.dims;
        const data = logits.data as Float32Array;
        for (let row = 0; row < rows; row++) {
          const own = data.subarray(row * size, (row + 1) * size);
          const token = sampleToken(own, options);
          own.fill(-Infinity);
          own[token] = 0;
        }
        return logits;
      }
    })(),
  );
  return list;
}
