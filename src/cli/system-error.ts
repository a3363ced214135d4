/** Explains errors of the operating system. Their cause is the machine or a path, not a fault of this program. */
import { GlobeError } from '../core/errors.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  EISDIR: 'The path is a folder: name a file in it.',
  ENOTDIR: 'A part of the path is a file: choose a folder.',
  ENOENT: 'Check that the path exists.',
  EEXIST: 'The path exists already: choose another, or remove it.',
  ENOTEMPTY: 'The folder is not empty: choose another.',
  EACCES: 'Choose a path that you may read and write.',
  EPERM: 'Choose a path that you may read and write.',
  EROFS: 'The disk is read-only: choose another.',
  ENAMETOOLONG: 'Choose a shorter name.',
  ELOOP: 'The symbolic links in the path lead back to each other: choose another path.',
  EXDEV: 'Choose a path on the same disk.',
};
const MACHINE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space and run the same command again.',
  EDQUOT: 'Your disk quota is used up: free some space and run the same command again.',
  EFBIG: 'The file system does not allow files of this size: choose another disk.',
  EIO: 'The disk failed: check it and run the same command again.',
  EBUSY: 'Another program uses the file: close it and run the same command again.',
  ETXTBSY: 'Another program uses the file: close it and run the same command again.',
  EMFILE: 'Too many files are open: raise the limit (ulimit -n) or lower --concurrency.',
  ENFILE: 'Too many files are open on this machine: close other programs.',
  ENOMEM: 'The memory is used up: close other programs or lower --concurrency.',
};

/** Converts an error of the operating system to a GlobeError with a remedy. Returns undefined for other errors. */
export function systemError(error: unknown): GlobeError | undefined {
  if (!(error instanceof Error)) return undefined;
  // A GlobeError with a hint already has a more specific message and remedy, so it is not replaced.
  if (error instanceof GlobeError && error.hint !== undefined && error.code !== 'internal') return undefined;
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  // An error without a system call comes from a library, in which the same code may have another meaning.
  if (syscall === undefined) return error.cause === undefined ? undefined : systemError(error.cause);
  const message = `${error.message}.`;
  const hint = REMEDIES[code];
  if (hint !== undefined) return new GlobeError({ code: 'invalid-input', message, hint, cause: error });
  const remedy = MACHINE[code];
  return remedy === undefined ? undefined : new GlobeError({ code: 'service', message, hint: remedy, cause: error });
}
