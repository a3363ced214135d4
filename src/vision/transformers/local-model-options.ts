/** In its own file, apart from the loader, so that type checks of dependent code do not need the optional library. */
export type LocalModelOptions = {
  /** Number format of the weights to load, such as 'fp32' or 'q8'; by default the library's choice (fp32 on CPU). */
  readonly dtype?: string;
  /** Whether missing files may be fetched from the hub. */
  readonly allowDownload?: boolean;
  /** Folder where downloaded files are kept. */
  readonly cacheFolder: string;
};
