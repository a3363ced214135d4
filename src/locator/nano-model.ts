/** Wraps a nano checkpoint as a vision-language model. */
import type { PromptForm } from '../prompts/locate-prompt.ts';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { Completion, GenerateRequest, TokenLogprob, VisionModel } from '../vision/vision-model.ts';
import { promptTokens } from '../nano/chat-template.ts';
import { type Checkpoint, loadCheckpoint } from '../nano/checkpoint.ts';
import { NanoSampler } from '../nano/sampling/sampler.ts';
import type { SampledSequence } from '../nano/sampling/requests.ts';
import type { Tokenizer } from '../nano/tokenizer/tokenizer.ts';

export type NanoModelOptions = { readonly name?: string; readonly threads?: number };

export class NanoModel implements VisionModel {
  readonly name: string;
  readonly promptForm?: PromptForm;
  readonly #tokenizer: Tokenizer;
  readonly #sampler: NanoSampler;
  /** The latest request. Requests run one after another, because each uses all threads. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(checkpoint: Checkpoint, { name = 'nano', threads }: NanoModelOptions = {}) {
    this.name = name;
    if (checkpoint.promptForm !== undefined) this.promptForm = checkpoint.promptForm;
    this.#tokenizer = checkpoint.tokenizer;
    this.#sampler = new NanoSampler({ ...checkpoint, ...defined({ threads }) });
  }

  generate(request: GenerateRequest): Promise<Completion[]> {
    const result = this.#last.then(() => this.#generate(request));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async dispose(): Promise<void> {
    await this.#last;
    await this.#sampler.dispose();
  }

  async #generate(request: GenerateRequest): Promise<Completion[]> {
    const { image, system, prompt, samples, temperature, topP, maxTokens, topLogprobs, seed, stop, signal } = request;
    if (request.jsonSchema !== undefined) {
      throw invalidInput(
        'The nano model does not support jsonSchema.',
        'Remove jsonSchema: nano models answer in text.',
      );
    }
    const tokens = promptTokens({ prompt, image: image !== undefined, ...defined({ system }) }, this.#tokenizer);
    const [sequences] = await this.#sampler.sample(
      [
        {
          ...(image && { image }),
          promptTokens: tokens,
          samples,
          options: {
            maxTokens,
            temperature,
            seed: seed ?? randomSeed(),
            ...defined({ topP, stop, topLogprobs }),
          },
        },
      ],
      { signal },
    );
    return sequences!.map((sequence) =>
      this.#completion(sequence, {
        promptTokens: tokens.length,
        stop: stop ?? [],
        logprobs: topLogprobs !== undefined,
      }),
    );
  }

  #completion(
    sequence: SampledSequence,
    { promptTokens, stop, logprobs }: { promptTokens: number; stop: readonly string[]; logprobs: boolean },
  ): Completion {
    const { tokens, finishReason } = sequence;
    const text = untilStop(this.#tokenizer.decode(tokens, { controls: false }), stop);
    return {
      text,
      finishReason,
      ...(logprobs && { logprobs: this.#tokenLogprobs(sequence) }),
      usage: { promptTokens, completionTokens: tokens.length },
    };
  }

  #tokenLogprobs({ tokens, logprobs, top }: SampledSequence): TokenLogprob[] {
    return tokens.map((token, i) => ({
      token: this.#tokenizer.token(token),
      logprob: logprobs[i]!,
      ...(top && {
        top: top[i]!.map((other) => ({ token: this.#tokenizer.token(other.token), logprob: other.logprob })),
      }),
    }));
  }
}

/** Opens the model `nano:FOLDER`. */
export async function openNanoModel(folder: string, options: NanoModelOptions = {}): Promise<NanoModel> {
  if (folder === '') throw invalidInput('Missing checkpoint folder after "nano:".', 'Write nano:FOLDER.');
  return new NanoModel(await loadCheckpoint(folder), { name: `nano:${folder}`, ...options });
}

/** Truncates the text at the first stop string, which may begin in the middle of a token. */
function untilStop(text: string, stop: readonly string[]): string {
  const ends = stop.map((s) => text.indexOf(s)).filter((at) => at >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

/** Returns a random seed, so that requests without a seed differ from each other. */
const randomSeed = (): number => Math.floor(Math.random() * 2 ** 32);
