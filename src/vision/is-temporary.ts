/** Decides whether the same request to a model may succeed later. */
import { GlobeError } from '../core/errors.ts';

/**
 * A request that a content filter refused, or that was invalid, would fail again. Only other failures are temporary.
 */
export const isTemporary = (error: unknown): boolean =>
  !(error instanceof GlobeError && ['rejected', 'invalid-input', 'internal'].includes(error.code));
