/** Opens the locator of `globe locate` with the user's options, and describes it for the results. */
import { defined } from '../../core/defined.ts';
import type { OfflineGazetteer } from '../../gazetteer/gazetteer.ts';
import { cityPrecise } from '../../locator/city-precision.ts';
import { generativeLocator } from '../../locator/generative-locator.ts';
import { openCalibrated } from './open-calibrated.ts';
import type { Level } from '../../locator/ballot.ts';
import type { Locator } from '../../locator/locator.ts';
import type { Preference } from '../../locator/preferred-position.ts';
import { LOCATE_PROMPT_VERSION, locatePrompt, type PromptForm } from '../../prompts/locate-prompt.ts';
import type { ModelDefaults } from '../../vision/resolve-model.ts';
import { openAnyModel, refuseTextOptions } from '../open-model.ts';
import type { ModelOptions } from '../open-model.ts';

export type LocatorOptions = ModelOptions & {
  readonly samples: number;
  readonly prompt?: PromptForm;
  readonly temperature?: number;
  readonly prefer: Preference;
  readonly granularity?: readonly (Level | 'position')[];
  readonly calibration?: string;
  readonly confidence?: number;
};

export type OpenLocator = {
  readonly locator: Locator & Partial<AsyncDisposable>;
  readonly defaults: ModelDefaults;
  /** The prompt's version, and its text; absent for a model without words. */
  readonly prompt?: { readonly version: string; readonly text: string };
  /** The temperature that the user or the model's defaults set. */
  readonly temperature?: number;
  /** SHA-256 of the calibration's content. */
  readonly calibration?: string;
};

/** Opens the locator, with its calibration if there is one. Throws `invalid-input` for options that do not fit it. */
export async function openLocator(options: LocatorOptions, gazetteer: OfflineGazetteer): Promise<OpenLocator> {
  const opened = await openUncalibrated(options, gazetteer);
  const { prompt, locator } = opened;
  const facts = {
    model: locator.name,
    ...(prompt !== undefined && { prompt: prompt.version, samples: options.samples }),
  };
  const calibrated = await openCalibrated(locator, options, facts);
  const isFine = options.granularity?.includes('position') === true;
  const shown = isFine ? calibrated.locator : cityPrecise(calibrated.locator);
  return { ...opened, locator: shown, ...defined({ calibration: calibrated.sha256 }) };
}

async function openUncalibrated(options: LocatorOptions, gazetteer: OfflineGazetteer): Promise<OpenLocator> {
  const { samples, prefer } = options;
  const levels = (options.granularity ?? []).filter((level) => level !== 'position');
  const textOptions = [
    ...(samples === 1 ? [] : [`--samples ${samples}`]),
    ...(options.temperature === undefined ? [] : [`--temperature ${options.temperature}`]),
    ...(levels.length === 0 ? [] : [`--granularity ${levels.join(',')}`]),
  ];
  const opened = await openAnyModel({ ...options, gazetteer });
  if (opened.kind === 'positions') {
    refuseTextOptions(opened, textOptions);
    return { locator: opened.locator, defaults: {} };
  }
  const { model, defaults } = opened;
  const form = options.prompt ?? model.promptForm ?? 'full';
  const prompt = locatePrompt({ form });
  // The user's values come first, then the defaults of the model's preset or configuration.
  const temperature = options.temperature ?? defaults.temperature;
  const { maxTokens, system } = defaults;
  const locator = generativeLocator({
    model,
    gazetteer,
    prompt,
    samples,
    prefer,
    ...defined({ temperature, maxTokens, system }),
    ...(levels.length > 0 && { levels }),
  });
  const version = `${LOCATE_PROMPT_VERSION}${form === 'short' ? ', short' : ''}`;
  return { locator, defaults, prompt: { version, text: prompt }, ...defined({ temperature }) };
}
