/**
 * Parses the options that configure rewards: weights, the shape of the distance reward, and the limits of the length
 * reward.
 */
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { WEIGHT_PRESETS, weightsProblem } from '../reward/combine.ts';
import { fixedShapeSchema } from '../reward/distance-shape.ts';
import type { DistanceShape } from '../reward/geo-distance.ts';
import type { LengthLimits } from '../reward/length.ts';
import { rewardNames } from '../reward/registry.ts';
import type { RewardWeights } from '../reward/reward-definition.ts';
import { positiveInteger } from './option-values.ts';

/**
 * Parses the name of a preset, or weights such as `accuracy=1,visual=0.5`. No weight may be negative, and at least one
 * must be above 0.
 */
export function weights(text: string): RewardWeights {
  if (Object.hasOwn(WEIGHT_PRESETS, text)) return WEIGHT_PRESETS[text as keyof typeof WEIGHT_PRESETS];
  const parsed = text.split(',').map((part) => {
    const [name = '', value = '', ...more] = part.split('=').map((piece) => piece.trim());
    const known = rewardNames().find((component) => component === name);
    if (known === undefined || value === '' || more.length > 0 || !Number.isFinite(Number(value))) {
      throw new InvalidArgumentError(
        `Invalid weight "${part}". Use NAME=NUMBER, where NAME is ${rewardNames().join(', ')}, or use a preset (${Object.keys(WEIGHT_PRESETS).join(', ')}).`,
      );
    }
    return [known, Number(value)] as const;
  });
  const byName = Object.fromEntries(parsed);
  if (Object.keys(byName).length < parsed.length) throw new InvalidArgumentError(`"${text}" names a reward twice.`);
  const problem = weightsProblem(byName);
  if (problem !== undefined) throw new InvalidArgumentError(`Invalid weights "${text}": ${problem}.`);
  return byName;
}

export const SHAPE_FORMS = 'exponential=KM, steps=KM:VALUE,… or piecewise-linear=KM:VALUE,…';

/**
 * Parses the shape of the distance reward, such as `exponential=1500`, `steps=25:1,200:0.5` or
 * `piecewise-linear=0:1,2500:0`.
 */
export function shape(text: string): DistanceShape {
  const [kind = '', value = ''] = text.split('=', 2);
  const pairs = value.split(',').map((pair) => pair.split(':').map(numberIn));
  const fields = {
    exponential: { tauKm: numberIn(value) },
    steps: { steps: pairs },
    'piecewise-linear': { points: pairs },
  };
  if (!Object.hasOwn(fields, kind)) throw new InvalidArgumentError(`Invalid shape "${text}". Use ${SHAPE_FORMS}.`);
  const parsed = fixedShapeSchema.safeParse({ kind, ...fields[kind as keyof typeof fields] });
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(
    `Invalid shape "${text}". Use ${SHAPE_FORMS}. ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/gu, ' ')}`,
  );
}

const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/**
 * Parses the limits of the length reward, such as `1024,256`. The first number is the maximum number of tokens. The
 * penalty grows over the last tokens before the maximum; the second number is how many.
 */
export function lengthLimits(text: string): LengthLimits {
  const [maxTokens, bufferTokens, ...more] = text.split(',').map(positiveInteger);
  if (maxTokens === undefined || bufferTokens === undefined || more.length > 0 || bufferTokens > maxTokens) {
    throw new InvalidArgumentError(`Invalid length "${text}". Use MAX,BUFFER in tokens, e.g. 1024,256.`);
  }
  return { maxTokens, bufferTokens };
}
