/** Locators: from a prepared image to a location. */
export { type Ballot, type Level, LEVELS } from './ballot.ts';
export {
  type GenerativeLocatorOptions,
  generativeLocator,
  MAX_COMPLETION_TOKENS,
  SAMPLING_TEMPERATURE,
} from './generative-locator.ts';
export { type Location, type Locator, type LocatorSample } from './locator.ts';
export { AGREEMENT_SHARE, vote, type VoteOptions } from './vote.ts';
