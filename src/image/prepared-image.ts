/** An image that may be shown to a model: bounded, upright, sRGB, without any metadata block. */

export type PreparedImage = {
  readonly bytes: Uint8Array;
  readonly mediaType: 'image/jpeg' | 'image/png';
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Hex SHA-256 of `bytes`. */
  readonly sha256: string;
};
