/** Opens a nano checkpoint for the probes. */
import { availableParallelism } from 'node:os';
import { loadCheckpoint } from '../../nano/checkpoint.ts';
import { imageTokens } from '../../nano/config.ts';
import type { PromptForm } from '../../prompts/locate-prompt.ts';
import { EmbeddedBackend } from '../../training/backends/embedded-backend.ts';

/** Tokens of a context that are reserved for the prompt and for cues that begin the answer. */
const PROMPT_TOKENS = 160;

export type ProbedModel = {
  readonly backend: EmbeddedBackend;
  readonly prompt: PromptForm;
  readonly maxTokens: number;
};

/** Throws `not-found` if the folder has no checkpoint. The caller disposes of the backend. */
export async function openProbedModel(folder: string): Promise<ProbedModel> {
  const checkpoint = await loadCheckpoint(folder);
  const { config, promptForm = 'short' } = checkpoint;
  return {
    backend: new EmbeddedBackend({ ...checkpoint, workers: availableParallelism() }),
    prompt: promptForm,
    maxTokens: config.contextTokens - imageTokens(config) - PROMPT_TOKENS,
  };
}
