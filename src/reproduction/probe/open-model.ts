/** Opens a nano checkpoint for the probes. */
import { availableParallelism } from 'node:os';
import { invalidInput } from '../../core/errors.ts';
import { loadCheckpoint } from '../../nano/checkpoint.ts';
import { imageTokens } from '../../nano/config.ts';
import type { PromptForm } from '../../prompts/locate-prompt.ts';
import { EmbeddedBackend } from '../../training/backends/embedded-backend.ts';

/** Number of tokens of the context that are reserved for the prompt and for the cues at the start of the answer. */
const PROMPT_TOKENS = 160;

export type ProbedModel = {
  readonly backend: EmbeddedBackend;
  readonly prompt: PromptForm;
  readonly maxTokens: number;
};

/**
 * Opens the checkpoint in a folder. Throws `not-found` for a folder without one, and `invalid-input` if it does not state
 * the form of its prompt. The caller must dispose of the backend.
 */
export async function openProbedModel(folder: string): Promise<ProbedModel> {
  const checkpoint = await loadCheckpoint(folder);
  const { config, promptForm } = checkpoint;
  if (promptForm === undefined) {
    throw invalidInput(
      `The checkpoint in ${folder} does not state the form of its prompt.`,
      'Use a checkpoint whose generation_config.json has prompt_form.',
    );
  }
  return {
    backend: new EmbeddedBackend({ ...checkpoint, workers: availableParallelism() }),
    prompt: promptForm,
    maxTokens: config.contextTokens - imageTokens(config) - PROMPT_TOKENS,
  };
}
