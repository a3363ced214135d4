/**
 * Schemas for the cells of Parquet files. They accept several types for each value, because programs write the same
 * value in different types.
 */
import { z } from 'zod';
import { isCoordinate } from '../../core/coordinate.ts';
import type { Coordinate } from '../../core/coordinate.ts';
import { invalidInput } from '../../core/errors.ts';
import type { RowImage } from './row.ts';

const bytes = z.instanceof(Uint8Array);

/** Accepts text, integers (as ids) and bytes without a string type. */
export const text = z
  .union([z.string(), z.number().transform(String), z.bigint().transform(String), bytes.transform(utf8)])
  .nullish();

/** Accepts numbers, 64-bit integers and decimal text. */
export const number = z
  .union([
    z.number(),
    z.nan(),
    z.bigint().transform(Number),
    z
      .string()
      .regex(/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i, { error: 'not a number' })
      .transform(Number),
    z.literal(['', 'NaN', 'nan']).transform(() => Number.NaN),
  ])
  .nullish();

const image = z.union([
  bytes.transform((data): RowImage => ({ bytes: data, path: '' })),
  z.string().transform((path) => ({ bytes: undefined, path })),
  z.looseObject({ bytes: bytes.nullish(), path: text }).transform(({ bytes: data, path }) => ({ bytes: data, path })),
]);

/** Accepts one image or a list of images. An image is a struct of bytes and path, bytes alone, or a path alone. */
export const images = z.union([z.array(image.nullable()), image.transform((one) => [one])]).nullish();

/** Returns the images in a cell. Throws `invalid-input` for an image that has a path but no bytes. */
export function imagesOf(cells: z.infer<typeof images>, where: string): RowImage[] {
  return (cells ?? []).flatMap((cell) => {
    const { bytes: data, path } = cell ?? {};
    if (data != null) return [{ bytes: data, path: path ?? '' }];
    if (path == null || path === '') return [];
    throw invalidInput(
      `${where} has the path of an image, "${path}", but not its bytes.`,
      'Write the bytes into the column, as `datasets` does with embed_external_files=True.',
    );
  });
}

/**
 * Returns the position in the cells, or an empty object if both numbers are null or NaN. Throws `invalid-input` for any
 * other invalid position.
 */
export function coordinateOf(
  {
    latitude,
    longitude,
  }: { readonly latitude: number | null | undefined; readonly longitude: number | null | undefined },
  where: string,
): { coordinate?: Coordinate } {
  const [latitudeDegrees, longitudeDegrees] = [latitude ?? Number.NaN, longitude ?? Number.NaN];
  if (Number.isNaN(latitudeDegrees) && Number.isNaN(longitudeDegrees)) return {};
  if (isCoordinate(latitudeDegrees, longitudeDegrees)) return { coordinate: { latitudeDegrees, longitudeDegrees } };
  throw invalidInput(
    `${where} has an invalid position: latitude ${latitudeDegrees}, longitude ${longitudeDegrees}.`,
    'Latitude must be in [-90, 90] and longitude in [-180, 180] degrees. Leave both empty if the position is unknown.',
  );
}

function utf8(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}
