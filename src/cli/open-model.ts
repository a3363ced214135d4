/**
 * From the command line's options to an open model, for every command that takes `--model`. Providers that live above
 * the vision layer (the embedded model) are added to the table here.
 */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { packageFile, shippedPath } from '../storage/package-files.ts';
import { type GlobeConfig, loadConfig } from '../vision/model-config.ts';
import { openVisionModel } from '../vision/open-vision-model.ts';
import type { RetryPolicy } from '../service/retry.ts';
import type { ModelProvider, OpenModel } from '../vision/open-vision-model.ts';
import { note } from './output.ts';

export type ModelOptions = {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly modelId?: string;
  readonly concurrency?: number;
  readonly allowDownload?: boolean;
  readonly quiet?: boolean;
  readonly retry?: Partial<RetryPolicy>;
};

/** By the name before the colon of `--model NAME:REST`. */
export const MODEL_PROVIDERS: Readonly<Record<string, ModelProvider>> = {
  nano: async (path) => {
    const folder = shippedPath(path);
    const { positionKindOf } = await import('../nano/heads/position-checkpoint.ts');
    const kind = await positionKindOf(folder);
    if (kind !== undefined) {
      throw invalidInput(
        `nano:${folder} (${kind}) gives positions and writes no text.`,
        'Use it with globe locate or globe evaluate.',
      );
    }
    const { isRewardModel } = await import('../training/reward-model/checkpoint.ts');
    if (!(await isRewardModel(folder))) return (await import('../locator/nano-model.ts')).openNanoModel(folder);
    return (await import('../training/reward-model/embedded-judge.ts')).openEmbeddedJudge(folder);
  },
  miniature: async (text) => (await import('../miniature/annotators/open-annotator.ts')).openSimulatedAnnotator(text),
};

/** The `--model` of the options, or the default of the configuration; `nano` alone is the base model of the package. */
export function modelSpec({ model }: ModelOptions, config: GlobeConfig): string | undefined {
  const spec = model ?? config.defaultModel;
  return spec === 'nano' ? `nano:${packageFile('models/base-vit')}` : spec;
}

/** Reads globe.config.json of the working folder; says on stderr when a request is repeated. */
export async function openModel(options: ModelOptions): Promise<OpenModel> {
  const config = await loadConfig(process.cwd());
  const spec = modelSpec(options, config);
  if (spec === undefined) {
    throw invalidInput(
      'No model is named.',
      'Give --model BASE_URL#NAME (any OpenAI-compatible server) or --model nano (drawings only), or set "defaultModel" in globe.config.json.',
    );
  }
  const { baseUrl, modelId, concurrency, allowDownload, retry } = options;
  return openVisionModel(spec, {
    config,
    env: process.env,
    providers: MODEL_PROVIDERS,
    ...defined({ baseUrl, modelId, concurrency, allowDownload, retry }),
    ...(options.quiet !== true && {
      onNotice: note,
      onRetry: ({ attempt, delayMs, error }) => {
        note(`Attempt ${attempt} failed (${error.message}) Again in ${(delayMs / 1000).toFixed(1)} s.`);
      },
    }),
  });
}
