/**
 * Options for loading a model in this process. They are separate from the loader, so code that uses only the options
 * can be type-checked without the optional library.
 */
export type LocalModelOptions = {
  /** Number format of the weights, such as 'fp32' or 'q8'. The default is the library's choice (fp32 on CPU). */
  readonly dtype?: string;
  /** Whether missing files may be downloaded from the hub. */
  readonly allowDownload?: boolean;
  /** Folder for downloaded files. */
  readonly cacheFolder: string;
};
