/**
 * Opens the model that the command line names, for every command with `--model`. It adds models of higher layers to the
 * registry, which cannot import them, and reports retries and downloads on stderr.
 */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import { METHOD_WORDS, openRegistered } from '../locator/model-registry.ts';
import type { RegisteredModel } from '../locator/model-registry.ts';
import { packageFile, shippedPath } from '../storage/package-files.ts';
import { type GlobeConfig, loadConfig } from '../vision/model-config.ts';
import type { RetryPolicy } from '../service/retry.ts';
import type { ModelProvider, OpenModel } from '../vision/open-vision-model.ts';
import { confirmHost, terminalQuestion } from './confirm-host.ts';
import { note } from './output.ts';
import { progressLine } from './progress.ts';
import { retryNotes } from './retry-notes.ts';

export type ModelOptions = {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly modelId?: string;
  readonly concurrency?: number;
  readonly allowDownload?: boolean;
  readonly quiet?: boolean;
  readonly retry?: Partial<RetryPolicy>;
  /** Whether the user allows new hosts. Absent in commands that do not ask. */
  readonly yes?: boolean;
};

/** The forms of `--model`, for the help text of every command with this option. */
export const MODEL_FORMS =
  'BASE_URL#NAME, geoclip:REPO, nano:FOLDER, transformers:REPO, position:URL, scripted:FILE, a preset or a name from globe.config.json';

/** Opens models whose name has the form NAME:REST. The key is NAME. */
export const MODEL_PROVIDERS: Readonly<Record<string, ModelProvider>> = {
  nano: async (path) => {
    const folder = shippedPath(path);
    const { isRewardModel } = await import('../training/reward-model/checkpoint.ts');
    if (!(await isRewardModel(folder))) return (await import('../locator/nano-model.ts')).openNanoModel(folder);
    return (await import('../training/reward-model/embedded-judge.ts')).openEmbeddedJudge(folder);
  },
  miniature: async (text) => (await import('../miniature/annotators/open-annotator.ts')).openSimulatedAnnotator(text),
};

/**
 * Returns the value of `--model`, or the default model of the configuration. `nano` alone means the package's base
 * model.
 */
function modelSpec({ model }: ModelOptions, config: GlobeConfig): string | undefined {
  const spec = model ?? config.defaultModel;
  return spec === 'nano' ? `nano:${packageFile('models/base-vit')}` : spec;
}

export type AnyModelOptions = ModelOptions & { readonly gazetteer?: Pick<Gazetteer, 'reverse'> };

/** Opens a model of any kind. Reads globe.config.json from the working folder. Reports retries on stderr. */
export async function openAnyModel(options: AnyModelOptions, loaded?: GlobeConfig): Promise<RegisteredModel> {
  const config = loaded ?? (await loadConfig(process.cwd()));
  const spec = modelSpec(options, config);
  if (spec === undefined) {
    throw invalidInput(
      'Missing --model.',
      'Give --model BASE_URL#NAME (any OpenAI-compatible server) or --model nano (drawings only), or set "defaultModel" in globe.config.json.',
    );
  }
  const { gazetteer, baseUrl, modelId, concurrency, allowDownload, retry, yes } = options;
  return openRegistered(spec, {
    config,
    env: process.env,
    providers: MODEL_PROVIDERS,
    ...defined({ gazetteer, baseUrl, modelId, concurrency, allowDownload, retry }),
    ...(yes !== undefined && {
      confirmAddress: async (address: string) =>
        confirmHost(address, { config, yes, env: process.env, ask: terminalQuestion() }),
    }),
    // Downloads are always reported, even with --quiet.
    ...((options.quiet !== true || allowDownload === true) && { onNotice: note }),
    ...(options.quiet !== true && { onRetry: retryNotes(note), onGallery: galleryProgress() }),
  });
}

/** Opens a model that writes text. Throws `invalid-input` for a model that returns only positions. */
export async function openModel(options: ModelOptions): Promise<OpenModel> {
  const opened = await openAnyModel(options);
  if (opened.kind === 'text') return opened;
  await opened.locator[Symbol.asyncDispose]?.();
  throw invalidInput(
    `${opened.resolved.name} (${METHOD_WORDS[opened.method]}) gives positions, not text.`,
    'Use it with globe locate, globe evaluate or globe curate --gps.',
  );
}

/**
 * Throws `invalid-input` if the user set options that apply only to models that write text. `typed` lists these options
 * as typed, such as `--samples 3`.
 */
export function refuseTextOptions(
  { resolved, method }: Extract<RegisteredModel, { kind: 'positions' }>,
  typed: readonly string[],
): void {
  const unsupported = typed.join(', ');
  if (unsupported === '') return;
  throw invalidInput(
    `${unsupported} does not apply to ${resolved.name}: ${METHOD_WORDS[method]} gives one position per photo.`,
    `Remove ${unsupported}, or use a model that writes text.`,
  );
}

/** Reports the progress of embedding a gallery. The line appears with the first position. */
function galleryProgress(): (done: number, total: number) => void {
  let progress: ReturnType<typeof progressLine> | undefined;
  return (done, total) => {
    progress ??= progressLine(total, { label: 'positions of the gallery' });
    progress.update(done);
    if (done >= total) progress.end();
  };
}
