/** The models of `--model` that see and do not write: a geocell classifier or an image retriever, from `nano:FOLDER`. */
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
  /** Options that the user gave and that ask for more than a position, as they are written: `--samples 3`. */
  readonly asking: readonly string[];
};

/** Reads globe.config.json of the working folder unless it is given. Undefined for every other model. Throws `invalid-input` when it is asked for more than it can give. */
export async function openPositionModel(
  options: PositionModelOptions,
  given?: GlobeConfig,
): Promise<PositionLocator | undefined> {
  const config = given ?? (await loadConfig(process.cwd()));
  const spec = modelSpec(options, config);
  if (spec === undefined) return undefined;
  const { gazetteer, asking, baseUrl, modelId } = options;
  const resolved = resolveModel(spec, {
    config,
    providers: providerNames(MODEL_PROVIDERS),
    ...defined({ baseUrl, modelId }),
  });
  if (resolved.kind !== 'provider' || resolved.provider !== 'nano') return undefined;
  const { positionKindOf } = await import('../nano/heads/position-checkpoint.ts');
  const kind = await positionKindOf(resolved.rest);
  if (kind === undefined) return undefined;
  if (asking.length > 0) {
    throw invalidInput(
      `${spec} is ${kindName[kind]}: it gives one position a photo, and ${asking.join(', ')} does not apply.`,
      `Leave ${asking.join(', ')} out, or name a model that writes.`,
    );
  }
  const { openPositionLocator } = await import('../locator/position-locator.ts');
  return openPositionLocator({ folder: resolved.rest, gazetteer });
}

const kindName = { 'geocell-classifier': 'a geocell classifier', 'image-retriever': 'an image retriever' } as const;
