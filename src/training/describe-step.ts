/** Formats training steps and evaluations as lines of text for the terminal. */
import type { StepResult } from './training-loop.ts';

const fixed = (value: unknown, digits: number): string => (typeof value === 'number' ? value.toFixed(digits) : '–');

/** Example: "reward 1.204 (accuracy 0.42, visual 0.71), KL 0.0031, …, 2100 tokens/s". */
export function describeStep({ metrics, times }: StepResult): string {
  const unit = 'photos' in metrics ? 'photos' : 'tokens';
  const milliseconds = Object.values(times).reduce((sum, value) => sum + value, 0);
  const speed = `${Math.round(Number(metrics[unit]) / (milliseconds / 1000))} ${unit}/s`;
  if (!('reward' in metrics)) return `loss ${fixed(metrics['loss'], 3)}, ${speed}`;
  const { components } = metrics['statistics'] as { components: Record<string, { mean: number | null }> };
  const parts = Object.entries(components).map(([component, { mean }]) => `${component} ${fixed(mean, 2)}`);
  return `reward ${fixed(metrics['reward'], 3)} (${parts.join(', ')}), KL ${fixed(metrics['kl'], 4)}, entropy ${fixed(metrics['entropy'], 2)}, ${fixed(metrics['completionTokens'], 0)} tokens each, ${fixed(100 * Number(metrics['answeredShare']), 0)} % name a place, ${speed}`;
}

/** Example: "6.0 % in 1 km, …; country 41.0 %, city 20.0 % (n = 400)". */
export function describeEvaluation(evaluation: Readonly<Record<string, unknown>>): string {
  if (!('accuracy' in evaluation)) {
    const recall = fixed(100 * Number(evaluation['elementRecall']), 1);
    return `${recall} % of the elements named (n = ${String(evaluation['n'])} photos)`;
  }
  const accuracy = evaluation['accuracy'] as Record<string, { value: number }>;
  const within = Object.entries(accuracy).map(([km, { value }]) => `${(100 * value).toFixed(1)} % in ${km} km`);
  const match = (key: string): string =>
    fixed(100 * ((evaluation[key] as { value: number } | undefined)?.value ?? Number.NaN), 1);
  return `${within.join(', ')}; country ${match('countryMatch')} %, city ${match('cityMatch')} % (n = ${String(evaluation['n'])})`;
}
