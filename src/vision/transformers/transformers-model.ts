/**
 * A model in this process: @huggingface/transformers runs ONNX weights in the Hugging Face layout. Reads only local
 * files unless downloads are allowed. Runs one request at a time, because the library has a single global random
 * generator and memory is limited.
 */
import type * as Transformers from '@huggingface/transformers';
import type { PreTrainedModel, Processor, Tensor } from '@huggingface/transformers';
import PQueue from 'p-queue';
import { GlobeError, invalidInput, messageOf } from '../../core/errors.ts';
import type { Completion, GenerateRequest, VisionModel } from '../vision-model.ts';
import { loadLocalModel } from './local-files.ts';
import type { LocalModelOptions } from './local-model-options.ts';
import { logprobRecorder } from './token-logprobs.ts';

type Library = typeof Transformers;

export type TransformersOptions = LocalModelOptions;

/** Architectures whose processor takes (images, text). All other processors take (text, images). */
export const IMAGES_FIRST: ReadonlySet<string> = new Set([
  'llava',
  'llava_onevision',
  'llava_qwen2',
  'lfm2_vl',
  'paligemma',
  'pixtral',
  'mistral3',
  'florence2',
]);

/**
 * Opens a Hugging Face repository ("onnx-community/…"), or a local folder with the same layout. Throws `not-found` if
 * the model cannot be loaded. `generate` throws `invalid-input` if the model has no chat template.
 */
export async function openTransformersModel(source: string, options: TransformersOptions): Promise<VisionModel> {
  const { library, model, processor } = await loadLocalModel(source, options, async (library, where, files) => {
    const processor = await library.AutoProcessor.from_pretrained(where, files);
    const model = await library.AutoModelForImageTextToText.from_pretrained(where, files);
    return { library, model, processor };
  });
  const queue = new PQueue({ concurrency: 1 });
  return {
    name: `transformers:${source}`,
    generate: async (request) => {
      checkRequest(request);
      return queue.add(async () => generate({ library, model, processor, source }, request), {
        signal: request.signal,
      });
    },
  };
}

function checkRequest({ topP, samples }: GenerateRequest): void {
  if (!Number.isInteger(samples) || samples < 1) throw invalidInput(`Invalid number of samples: ${samples}.`);
  // The library accepts top_p but ignores it, so the record of the run would be wrong.
  if (topP !== undefined && topP < 1) {
    throw invalidInput(
      `topP ${topP} is not supported for models in this process.`,
      'Remove topP, or use a model on a server.',
    );
  }
}

type Opened = {
  readonly library: Library;
  readonly model: PreTrainedModel;
  readonly processor: Processor;
  readonly source: string;
};

async function generate(opened: Opened, request: GenerateRequest): Promise<Completion[]> {
  const { library, source } = opened;
  const { signal, seed } = request;
  try {
    const inputs = await prepareInputs(opened, request);
    const completions: Completion[] = [];
    for (let i = 0; i < request.samples; i++) {
      signal.throwIfAborted();
      if (seed !== undefined) library.random.seed(seed + i);
      completions.push(await generateOne(opened, request, inputs));
    }
    return completions;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GlobeError) throw error;
    throw new GlobeError({
      code: 'service',
      message: `The model ${source} failed: ${messageOf(error)}`,
      hint: 'If memory ran out, use fewer pixels (--max-pixels) or smaller weights.',
      cause: error,
    });
  }
}

type Inputs = Record<string, Tensor> & { input_ids: Tensor };

async function prepareInputs(
  { library, model, processor, source }: Opened,
  { image, system, prompt }: GenerateRequest,
): Promise<Inputs> {
  const messages = [
    ...(system === undefined ? [] : [{ role: 'system', content: [{ type: 'text', text: system }] }]),
    { role: 'user', content: [...(image === undefined ? [] : [{ type: 'image' }]), { type: 'text', text: prompt }] },
  ];
  let text: string;
  try {
    text = processor.apply_chat_template(messages, { add_generation_prompt: true }) as string;
  } catch (error) {
    throw invalidInput(`The model ${source} has no usable chat template: ${messageOf(error)}`);
  }
  if (image === undefined) return processor.tokenizer!(text);
  const blob = new Blob([new Uint8Array(image.bytes)], { type: image.mediaType });
  const picture = await library.RawImage.fromBlob(blob);
  const { model_type: type } = model.config as { model_type?: string };
  const call = processor as unknown as (...args: unknown[]) => Promise<Inputs>;
  return IMAGES_FIRST.has(type ?? '') ? call(picture, text) : call(text, [picture]);
}

async function generateOne(
  { library, model, processor }: Opened,
  { signal, temperature, maxTokens, topLogprobs, stop }: GenerateRequest,
  inputs: Inputs,
): Promise<Completion> {
  const interrupt = new library.InterruptableStoppingCriteria();
  const onAbort = (): void => interrupt.interrupt();
  signal.addEventListener('abort', onAbort);
  const recorder = topLogprobs === undefined ? undefined : logprobRecorder({ top: topLogprobs, temperature });
  try {
    const output = (await model.generate({
      ...inputs,
      max_new_tokens: maxTokens,
      do_sample: temperature > 0,
      temperature,
      // By default, the library samples only from the 50 most likely tokens.
      top_k: 0,
      stopping_criteria: interrupt,
      ...(recorder !== undefined && { logits_processor: [recorder.process] }),
    } as never)) as Tensor;
    signal.throwIfAborted();
    const promptTokens = inputs.input_ids.dims.at(-1)!;
    const ids = (output.tolist()[0] as bigint[]).slice(promptTokens).map(Number);
    const tokenizer = processor.tokenizer!;
    const { text, stopped } = cutAt(tokenizer.decode(ids, { skip_special_tokens: true }), stop);
    const ended = endTokens(model).has(ids.at(-1) ?? -1);
    return {
      text,
      finishReason: stopped || ended || ids.length < maxTokens ? 'stop' : 'length',
      usage: { promptTokens, completionTokens: ids.length },
      ...(recorder !== undefined && { logprobs: recorder.read(ids, (id) => tokenizer.decode([id], {})) }),
    };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function endTokens(model: PreTrainedModel): Set<number> {
  const { eos_token_id: end } = (model.generation_config ?? {}) as { eos_token_id?: number | number[] };
  return new Set(end === undefined ? [] : [end].flat());
}

/** Cuts the text before the first stop string. */
function cutAt(text: string, stop: readonly string[] = []): { text: string; stopped: boolean } {
  const at = Math.min(...stop.map((word) => text.indexOf(word)).filter((index) => index !== -1));
  return Number.isFinite(at) ? { text: text.slice(0, at), stopped: true } : { text, stopped: false };
}
