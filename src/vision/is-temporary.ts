/** Decides whether the same request to a model may succeed later. */
import { GlobeError } from '../core/errors.ts';

/** A content filter's refusal or an invalid request would fail again, so only other failures are temporary. */
export const isTemporary = (error: unknown): boolean =>
  !(error instanceof GlobeError && ['rejected', 'invalid-input', 'internal'].includes(error.code));
