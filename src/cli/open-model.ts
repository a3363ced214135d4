/**
 * Opens the model that the command line names, for every command with `--model`. `MODEL_PROVIDERS` adds the
 * models that the vision layer does not know, such as the embedded one.
 */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { packageFile, shippedPath } from '../storage/package-files.ts';
import { type GlobeConfig, loadConfig } from '../vision/model-config.ts';
import { openVisionModel } from '../vision/open-vision-model.ts';
import type { RetryPolicy } from '../service/retry.ts';
import type { ModelProvider, OpenModel } from '../vision/open-vision-model.ts';
import { note } from './output.ts';
import { retryNotes } from './retry-notes.ts';

export type ModelOptions = {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly modelId?: string;
  readonly concurrency?: number;
  readonly allowDownload?: boolean;
  readonly quiet?: boolean;
  readonly retry?: Partial<RetryPolicy>;
};

/** Providers by the name before the colon of `--model NAME:REST`. */
export const MODEL_PROVIDERS: Readonly<Record<string, ModelProvider>> = {
  nano: async (path) => {
    const folder = shippedPath(path);
    const { positionKindOf } = await import('../nano/heads/position-checkpoint.ts');
    const kind = await positionKindOf(folder);
    if (kind !== undefined) {
      throw invalidInput(
        `nano:${folder} (${kind}) gives positions, not text.`,
        'Use it with globe locate or globe evaluate.',
      );
    }
    const { isRewardModel } = await import('../training/reward-model/checkpoint.ts');
    if (!(await isRewardModel(folder))) return (await import('../locator/nano-model.ts')).openNanoModel(folder);
    return (await import('../training/reward-model/embedded-judge.ts')).openEmbeddedJudge(folder);
  },
  miniature: async (text) => (await import('../miniature/annotators/open-annotator.ts')).openSimulatedAnnotator(text),
};

/** Returns the `--model` option, or the configuration's default. Plain `nano` means the package's base model. */
export function modelSpec({ model }: ModelOptions, config: GlobeConfig): string | undefined {
  const spec = model ?? config.defaultModel;
  return spec === 'nano' ? `nano:${packageFile('models/base-vit')}` : spec;
}

/** Reads globe.config.json in the working folder, and opens the model. Reports retries on stderr. */
export async function openModel(options: ModelOptions): Promise<OpenModel> {
  const config = await loadConfig(process.cwd());
  const spec = modelSpec(options, config);
  if (spec === undefined) {
    throw invalidInput(
      'Missing --model.',
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
      onRetry: retryNotes(note),
    }),
  });
}
