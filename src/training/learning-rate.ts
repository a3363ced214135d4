import { constantRate, type Schedule, warmupCosine, warmupLinear } from '../tensor/index.ts';
import type { TrainRecipe } from './recipe.ts';

export type LearningRateOptions = Pick<TrainRecipe, 'learningRate' | 'schedule' | 'warmupShare'>;

export function learningRateOf(options: LearningRateOptions, steps: number): Schedule {
  const { learningRate: peak, schedule, warmupShare } = options;
  if (schedule === 'constant') return constantRate(peak);
  const warmup = { peak, warmupSteps: Math.ceil(warmupShare * steps), totalSteps: steps };
  return schedule === 'cosine' ? warmupCosine(warmup) : warmupLinear(warmup);
}
