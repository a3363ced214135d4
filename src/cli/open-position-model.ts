/** Opens models that return positions, not text: a geocell classifier or an image retriever, from `nano:FOLDER`. */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { PositionLocator } from '../locator/position-locator.ts';
import { type GlobeConfig, loadConfig } from '../vision/model-config.ts';
import { providerNames } from '../vision/open-vision-model.ts';
import { resolveModel } from '../vision/resolve-model.ts';
import { MODEL_PROVIDERS, type ModelOptions, modelSpec } from './open-model.ts';

export type PositionModelOptions = ModelOptions & {
  readonly gazetteer: Pick<Gazetteer, 'reverse'>;
  /** The user's options that apply only to models that write text, as typed: `--samples 3`. */
  readonly textOptions: readonly string[];
};

/**
 * Returns undefined for a model that writes text. Throws `invalid-input` if the model returns positions but
 * `textOptions` is not empty. Reads globe.config.json unless `loaded` has its content.
 */
export async function openPositionModel(
  options: PositionModelOptions,
  loaded?: GlobeConfig,
): Promise<PositionLocator | undefined> {
  const config = loaded ?? (await loadConfig(process.cwd()));
  const spec = modelSpec(options, config);
  if (spec === undefined) return undefined;
  const { gazetteer, baseUrl, modelId } = options;
  const resolved = resolveModel(spec, {
    config,
    providers: providerNames(MODEL_PROVIDERS),
    ...defined({ baseUrl, modelId }),
  });
  if (resolved.kind !== 'provider' || resolved.provider !== 'nano') return undefined;
  const { positionKindOf } = await import('../nano/heads/position-checkpoint.ts');
  const kind = await positionKindOf(resolved.rest);
  if (kind === undefined) return undefined;
  const unsupported = options.textOptions.join(', ');
  if (unsupported !== '') {
    throw invalidInput(
      `${unsupported} does not apply to ${spec}: ${kindName[kind]} gives one position per photo.`,
      `Remove ${unsupported}, or use a model that writes text.`,
    );
  }
  const { openPositionLocator } = await import('../locator/position-locator.ts');
  return openPositionLocator({ folder: resolved.rest, gazetteer });
}

const kindName = { 'geocell-classifier': 'a geocell classifier', 'image-retriever': 'an image retriever' } as const;
