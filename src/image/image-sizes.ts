/** Reads the sizes of image files from their headers, without decoding the pixels. */
import sharp from 'sharp';

/** Returns the upright sizes in pixels of the files that can be read. Files that are missing or damaged are left out. */
export async function imageSizes(
  paths: readonly string[],
): Promise<{ readonly widthPixels: number; readonly heightPixels: number }[]> {
  const found = await Promise.allSettled(
    paths.map(async (path) => {
      const { autoOrient } = await sharp(path).metadata();
      return { widthPixels: autoOrient.width, heightPixels: autoOrient.height };
    }),
  );
  return found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
