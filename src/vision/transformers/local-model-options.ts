/** Apart from the loader, so that a consumer's type check does not need the optional library. */
export type LocalModelOptions = {
  /** Which of the weights' files to take: 'fp32', 'q8', ...; the library's default (fp32 on CPU) where absent. */
  readonly dtype?: string;
  /** May missing files be fetched from the hub? */
  readonly allowDownload?: boolean;
  /** Where downloaded files are kept and looked for. */
  readonly cacheFolder: string;
};
