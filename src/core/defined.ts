/** Removes undefined fields, so that an optional property is either absent or has a value. */

/** Replaces each field of `T` that may be undefined by an optional field that is never undefined. */
export type Defined<T extends object> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * Returns a copy of an object without its undefined fields, in the same order.
 *
 * @example
 * defined({ seed: 1, limit: undefined }); // { seed: 1 }
 */
export function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
