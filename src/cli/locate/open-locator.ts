/** Opens the locator of `globe locate` with the user's options, and describes it for the results. */
import { defined } from '../../core/defined.ts';
import type { OfflineGazetteer } from '../../gazetteer/gazetteer.ts';
import { generativeLocator } from '../../locator/generative-locator.ts';
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
  readonly granularity?: readonly Level[];
};

export type OpenLocator = {
  readonly locator: Locator & Partial<AsyncDisposable>;
  readonly defaults: ModelDefaults;
  /** The prompt's version, and its text; absent for a model without words. */
  readonly prompt?: { readonly version: string; readonly text: string };
  /** The temperature that the user or the model's defaults set. */
  readonly temperature?: number;
};

export async function openLocator(options: LocatorOptions, gazetteer: OfflineGazetteer): Promise<OpenLocator> {
  const { samples, granularity, prefer } = options;
  const textOptions = [
    ...(samples === 1 ? [] : [`--samples ${samples}`]),
    ...(options.temperature === undefined ? [] : [`--temperature ${options.temperature}`]),
    ...(granularity === undefined ? [] : ['--granularity']),
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
    ...defined({ temperature, maxTokens, system, levels: granularity }),
  });
  const version = `${LOCATE_PROMPT_VERSION}${form === 'short' ? ', short' : ''}`;
  return { locator, defaults, prompt: { version, text: prompt }, ...defined({ temperature }) };
}
