/** An image that a model may receive: bounded, upright, in sRGB, without any metadata block. */

export type PreparedImage = {
  readonly bytes: Uint8Array;
  readonly mediaType: 'image/jpeg' | 'image/png';
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** SHA-256 of `bytes` in hexadecimal. */
  readonly sha256: string;
};
