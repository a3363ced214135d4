/**
 * The prompt for training, evaluation and `globe locate`. The authors' code trains and evaluates with different
 * prompts. The content follows the paper: an expert in a geolocation challenge writes clues, then steps, then two lines
 * in tags. The wording is ours. The prompt has a version, because another prompt makes another experiment.
 */

/** Part of every protocol and cache key. Increase it when the text changes. */
export const LOCATE_PROMPT_VERSION = 'locate-1';

const ROLE = 'You are an expert in geolocation who takes part in a geolocation challenge.';

const REASONING = `${ROLE} Look at the image and work out where on Earth it was taken.

1. Examine the image for clues: architecture, signs and scripts, vehicles and plates, road markings, vegetation, terrain, climate, people and their clothes, landmarks. Name only what is visible.
2. Think step by step about which country these clues point to, which city, and why, and what speaks against the alternatives.

Write your thinking between <think> and </think>, then your answer between <answer> and </answer>. The answer holds these two lines and nothing else:
country: [country name]
city: [city name]`;

const DIRECT = `${ROLE} Look at the image and say where on Earth it was taken.

Answer with these two lines and nothing else:
country: [country name]
city: [city name]`;

/**
 * The short prompts are for small models that are trained on them. The full prompt would fill most of their context.
 */
const SHORT = 'Where was this photo taken? Think, then answer.';
const SHORT_DIRECT = 'Where was this photo taken?';

/** `full` explains the task. `short` is for models that were trained on the short prompt. */
export const PROMPT_FORMS = ['full', 'short'] as const;
export type PromptForm = (typeof PROMPT_FORMS)[number];

/**
 * Returns the user message that accompanies the image. With `reasoning: false`, it requests only the two lines, as in
 * the row of the paper's Table 3 without a check mark in the CoT column.
 */
export function locatePrompt({
  reasoning = true,
  form = 'full',
}: { reasoning?: boolean; form?: PromptForm } = {}): string {
  if (form === 'short') return reasoning ? SHORT : SHORT_DIRECT;
  return reasoning ? REASONING : DIRECT;
}

/** Returns the target text for supervised fine-tuning, in the form that the prompt requests. */
export function locateTarget(target: { reasoning: string; country: string; city: string }): string {
  return `<think>${target.reasoning}</think><answer>country: ${target.country}\ncity: ${target.city}</answer>`;
}
