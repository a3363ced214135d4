/** Opens a nano checkpoint for the probes. */
import { availableParallelism } from 'node:os';
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

/** Opens the checkpoint in a folder. Throws `not-found` if there is none. The caller must dispose of the backend. */
export async function openProbedModel(folder: string): Promise<ProbedModel> {
  const checkpoint = await loadCheckpoint(folder);
  const { config, promptForm = 'short' } = checkpoint;
  return {
    backend: new EmbeddedBackend({ ...checkpoint, workers: availableParallelism() }),
    prompt: promptForm,
    maxTokens: config.contextTokens - imageTokens(config) - PROMPT_TOKENS,
  };
}
