/** The error for a reward service that stays down longer than the user wants to wait. */
import { GlobeError } from '../core/errors.ts';

/** Training stops at the step where the outage began, and can resume there. */
export class RewardOutageError extends GlobeError {
  constructor({ url, patienceMs, cause }: { url: string; patienceMs: number; cause: GlobeError }) {
    super({
      code: 'service',
      message: `${url} gave no rewards for ${Math.round(patienceMs / 60_000)} minutes: ${cause.message}`,
      hint: 'Start the reward service, then run the same command again: it resumes at this step. --patience sets how long a run waits.',
      cause,
    });
  }
}
