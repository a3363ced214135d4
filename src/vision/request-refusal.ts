/** Errors for requests that a server refuses, with the details that callers need. */
import { GlobeError } from '../core/errors.ts';
import type { GlobeErrorOptions } from '../core/errors.ts';

/** The server refused this request, and would refuse it again. */
export class RequestRefusedError extends GlobeError {
  /** The HTTP status of the refusal. */
  readonly status: number;
  /** The server's error message. */
  readonly serverText: string;

  constructor({ status, serverText, ...options }: RefusalOptions) {
    super({ code: 'rejected', ...options });
    this.status = status;
    this.serverText = serverText;
  }
}

/** The server's content filter refused the image or the text. */
export class ContentFilterError extends RequestRefusedError {}

type RefusalOptions = Omit<GlobeErrorOptions, 'code'> & {
  /** `denied` if the server would refuse every request until the cause is fixed. */
  readonly code?: 'rejected' | 'denied';
  readonly status: number;
  readonly serverText: string;
};
