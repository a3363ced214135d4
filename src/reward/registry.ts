/**
 * The registry of rewards by name, for recipes, `globe serve` and the documentation. Register your own reward with
 * `registerReward` before you read a recipe or weights that name it.
 */
import { invalidInput } from '../core/errors.ts';
import { BUILT_IN_REWARDS } from './built-in.ts';
import type { RewardInput, RewardMode } from './reward.ts';
import type { RewardDefinition, RewardWeights } from './reward-definition.ts';

const NAME = /^[a-z][a-z0-9_-]*$/iu;

const definitions = new Map(BUILT_IN_REWARDS.map((definition) => [definition.name, definition]));

/**
 * Adds a reward of your own. Throws `invalid-input` if the name is taken or invalid. A valid name is a letter followed
 * by letters, digits, `-` or `_`.
 *
 * @example
 * registerReward({
 *   name: 'brevity',
 *   description: '1 for a completion of at most 400 characters, else 0.',
 *   inputs: [],
 *   create: () => pureReward('brevity/1', ({ completion }) => scored(completion.length <= 400 ? 1 : 0)),
 * });
 */
export function registerReward(definition: RewardDefinition): void {
  const { name } = definition;
  if (!NAME.test(name)) {
    throw invalidInput(`Invalid reward name: "${name}".`, 'Start with a letter, then use letters, digits, - or _.');
  }
  if (definitions.has(name)) throw invalidInput(`The reward "${name}" already exists.`, 'Choose another name.');
  definitions.set(name, definition);
}

/** Every reward. Totals, service responses and records list rewards in this order. */
export const rewardDefinitions = (): readonly RewardDefinition[] => [...definitions.values()];

export const rewardNames = (): readonly string[] => [...definitions.keys()];

/**
 * Sorts names in the order of the registry. Names that the registry does not know, such as a remote service's own
 * rewards, come last.
 */
export function inRewardOrder(names: Iterable<string>): readonly string[] {
  const unsorted = new Set(names);
  return [...new Set([...rewardNames().filter((name) => unsorted.has(name)), ...unsorted])];
}

/**
 * True if any reward with a weight reads the field in the mode. A reward that the registry does not know may read every
 * field.
 */
export function readsInput(weights: RewardWeights, input: keyof RewardInput, mode: RewardMode): boolean {
  return Object.entries(weights).some(([name, weight]) => {
    if (weight === 0) return false;
    const definition = definitions.get(name);
    if (definition === undefined) return true;
    return [...definition.inputs, ...(definition.inputsIn?.[mode] ?? [])].includes(input);
  });
}
