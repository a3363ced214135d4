/** Decodes HEIC files in a worker thread, because libheif takes seconds for a large file and cannot be interrupted. */
import { parentPort } from 'node:worker_threads';
import { GlobeError } from '../core/errors.ts';
import { decodeHeic, type RawPixels } from './decode-heic.ts';

export type HeicRequest = { readonly bytes: Uint8Array; readonly maxPixels: number };
export type HeicAnswer =
  | { readonly kind: 'pixels'; readonly pixels: RawPixels }
  | { readonly kind: 'invalid'; readonly message: string; readonly hint?: string | undefined };

parentPort!.on('message', ({ bytes, maxPixels }: HeicRequest) => {
  decodeHeic(bytes, { maxPixels }).then(
    (pixels) => parentPort!.postMessage({ kind: 'pixels', pixels }, [pixels.data.buffer as ArrayBuffer]),
    (error: unknown) => {
      if (!(error instanceof GlobeError)) throw error;
      parentPort!.postMessage({ kind: 'invalid', message: error.message, hint: error.hint });
    },
  );
});
