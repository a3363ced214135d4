/** What a server's refusal says beyond its code, so that callers can act on it. */
import { GlobeError } from '../core/errors.ts';
import type { GlobeErrorOptions } from '../core/errors.ts';

/** The server refused this request for good. */
export class RequestRefusedError extends GlobeError {
  /** The HTTP status. */
  readonly status: number;
  /** The server's own words. */
  readonly serverText: string;

  constructor({ status, serverText, ...options }: RefusalOptions) {
    super({ code: 'rejected', ...options });
    this.status = status;
    this.serverText = serverText;
  }
}

/** The server's content filter refused the image or the text for what it shows. */
export class ContentFilterError extends RequestRefusedError {}

type RefusalOptions = Omit<GlobeErrorOptions, 'code'> & {
  /** `denied` if the server refuses every request until the cause is fixed. */
  readonly code?: 'rejected' | 'denied';
  readonly status: number;
  readonly serverText: string;
};
