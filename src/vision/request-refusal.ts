/** What a server's refusal of one request says beyond the code `rejected`, so that callers can act on it. */
import { GlobeError } from '../core/errors.ts';
import type { GlobeErrorOptions } from '../core/errors.ts';

/** The server refused this request for good. */
export class RequestRefusedError extends GlobeError {
  /** The HTTP status. */
  readonly status: number;
  /** The server's own words. */
  readonly serverText: string;

  constructor({ status, serverText, ...options }: RefusalOptions) {
    super({ ...options, code: 'rejected' });
    this.status = status;
    this.serverText = serverText;
  }
}

/** The server's content filter refused the image or the text for what it shows. */
export class ContentFilterError extends RequestRefusedError {}

type RefusalOptions = Omit<GlobeErrorOptions, 'code'> & { readonly status: number; readonly serverText: string };
