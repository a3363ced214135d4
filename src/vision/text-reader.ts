/** The interface for reading text in images (OCR). */
import type { PreparedImage } from '../image/prepared-image.ts';

export type TextBox = {
  /** Empty if the box was found but could not be read. */
  readonly text: string;
  /** Confidence of the reading in [0, 1], if the reader gives one. */
  readonly confidence?: number;
};

export interface TextReader {
  readonly name: string;
  /** Returns every box of text that the reader found. Throws a GlobeError if the reader fails. */
  read(image: PreparedImage, options: { readonly signal: AbortSignal }): Promise<TextBox[]>;
}
