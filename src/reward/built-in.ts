/** The definitions of this package's rewards. Totals, service responses and records list rewards in this order. */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { REFERENCE_LOCALIZABILITY_QUESTION } from '../prompts/localizability-prompt.ts';
import { formatReward } from './format.ts';
import { geoAccuracy } from './geo-accuracy.ts';
import { geoDistance } from './geo-distance.ts';
import { lengthReward } from './length.ts';
import { localizability, referenceLocalizability } from './localizability.ts';
import { referenceAccuracy, referenceFormat, referenceVisual } from './reference-rewards.ts';
import type { RewardDefinition } from './reward-definition.ts';
import { verifiedGrounding } from './verified-grounding.ts';
import { visualGrounding } from './visual-grounding.ts';

export const BUILT_IN_REWARDS: readonly RewardDefinition[] = [
  {
    name: 'accuracy',
    description: 'The answer against where the photo was taken: country and city, or the distance in mode distance.',
    inputs: ['truth', 'truthCoordinate'],
    create: ({ mode, gazetteer, alpha, shape }) => {
      if (mode === 'reference') return referenceAccuracy();
      if (mode === 'distance') return geoDistance(gazetteer, defined({ shape }));
      return geoAccuracy(gazetteer, defined({ alpha }));
    },
  },
  {
    name: 'localizability',
    description: 'The judge’s probability that the photo can be localized by the reasoning.',
    inputs: ['image'],
    create: ({ mode, weights, judge }) => {
      if (judge === undefined) {
        throw invalidInput(
          `The localizability reward has weight ${weights['localizability']} but no judge.`,
          'Name a judge model, or set the weight of localizability to 0.',
        );
      }
      if (mode !== 'reference') return localizability(judge);
      return referenceLocalizability(judge, { system: REFERENCE_LOCALIZABILITY_QUESTION });
    },
  },
  {
    name: 'visual',
    description:
      'The share of the things named in the reasoning that the photo shows; in mode verified, its claims as a verifier checks them.',
    inputs: ['elements', 'texts', 'entityTags'],
    inputsIn: { verified: ['image'] },
    create: ({ mode, grounder, guards, verifier, vocabulary }) => {
      if (mode === 'reference') return referenceVisual();
      if (mode === 'verified') return verifiedGrounding({ grounder, ...defined({ verifier, vocabulary }) });
      return visualGrounding(grounder, defined({ guards }));
    },
  },
  {
    name: 'format',
    description: '1 for the thinking and the answer in their tags, else 0.',
    inputs: [],
    create: ({ mode }) => (mode === 'reference' ? referenceFormat() : formatReward()),
  },
  {
    name: 'length',
    description: 'DAPO’s penalty for long completions, from −1 to 0.',
    inputs: ['completionTokens', 'cutOff'],
    create: ({ weights, length }) => {
      if (length !== undefined) return lengthReward(length);
      throw invalidInput(
        `The length reward has weight ${weights['length']} but no limits.`,
        'Set the maximum number of tokens and the size of the buffer before it (reward.length in a recipe, globe serve --length), or set the weight of length to 0.',
      );
    },
  },
];
