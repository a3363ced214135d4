/** Drops undefined fields, so that an optional property is present with a value or absent. */

/** `T`, where each field that may be undefined becomes optional and is never undefined when present. */
export type Defined<T extends object> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * The fields of an object that are not undefined, in their order.
 *
 * @example
 * defined({ seed: 1, limit: undefined }); // { seed: 1 }
 */
export function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
