/** Reads training photos from a curated dataset (Parquet), with the reasoning texts that curation verified. */
import { defined } from '../core/defined.ts';
import { invalidInput, messageOf } from '../core/errors.ts';
import { random, shuffled } from '../core/random.ts';
import type { VisualElement } from '../core/visual-element.ts';
import { prepareImage } from '../image/prepare-image.ts';
import type { DatasetRow } from '../storage/dataset/row.ts';
import { openDataset } from '../storage/dataset/read-dataset.ts';
import type { PhotosOptions, PhotoSource } from './photo-source.ts';
import type { TrainingExample } from './training-example.ts';

/** Opens a dataset as a source of photos. `path` is a Parquet file or a folder of Parquet files. */
export function datasetSource(path: string): PhotoSource {
  return { name: path, hasReasonings: true, photos: (options) => photosOf(path, options) };
}

async function photosOf(path: string, { split, limit, seed, signal }: PhotosOptions): Promise<TrainingExample[]> {
  const examples: TrainingExample[] = [];
  for (const file of await openDataset(path)) {
    if (file.split !== split) continue;
    for await (const row of file.rows()) {
      signal.throwIfAborted();
      const id = row.id ?? `${file.path}#${examples.length}`;
      const [first] = row.images;
      if (first === undefined) throw invalidInput(`${path}: row ${id} has no image.`);
      const image = await prepareImage(first.bytes, { label: id }).catch((error: unknown) => {
        throw invalidInput(`${path}: the image of row ${id} cannot be used: ${messageOf(error)}`);
      });
      examples.push({
        id,
        image,
        truth: { country: row.country, city: row.city },
        ...(row.coordinate && { truthCoordinate: row.coordinate }),
        reasoning: row.response,
        ...defined({ annotatedPlace: annotatedPlace(row) }),
        entityTags: row.entities,
        // Rows without a segmentation use their verified entities as elements, as in the release.
        elements: row.elements?.length ? row.elements : row.entities.map(asElement),
        ...defined({ owner: row.owner }),
        ...((row.scene === 'indoor' || row.scene === 'natural' || row.scene === 'urban') && { scene: row.scene }),
      });
    }
  }
  return shuffled(examples, random(seed)).slice(0, limit);
}

/** Returns the place named by the annotator who wrote the row's reasoning text. */
function annotatedPlace({ annotator, annotations = [] }: DatasetRow): TrainingExample['annotatedPlace'] {
  const own = annotations.find((annotation) => annotation.annotator === annotator);
  if (own?.country === undefined) return undefined;
  return { country: own.country, ...defined({ city: own.city }) };
}

const asElement = (label: string): VisualElement => ({ label: label.toLowerCase(), share: 0 });
