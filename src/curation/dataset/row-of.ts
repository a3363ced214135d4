/** Creates a dataset row from a kept photo: the chosen reasoning, all annotations, and the gates' verdicts. */
import { defined } from '../../core/defined.ts';
import type { Grounder } from '../../grounding/grounding.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { ANNOTATE_PROMPT_VERSION } from '../../prompts/annotate-prompt.ts';
import type { DatasetRow, RowAnnotation } from '../../storage/dataset/row.ts';
import { keyOf } from '../observe/observation.ts';
import type { Annotation, Observation } from '../observe/observation.ts';
import type { Photo } from '../observe/photo.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Result } from '../judge/result.ts';

export type RowOptions = {
  readonly photo: Photo;
  readonly image: PreparedImage;
  readonly recipe: Recipe;
  readonly grounder: Pick<Grounder, 'entities'>;
  /** True if a reviewer has accepted the photo. */
  readonly accepted: boolean;
};

/** Creates the row of a photo. `result` must belong to a photo that passed its gates. */
export function rowOf(result: Result, { photo, image, recipe, grounder, accepted }: RowOptions): DatasetRow {
  const annotation = result.observations[keyOf({ kind: 'annotation', annotator: result.chosen! })] as Annotation;
  const elements = result.observations[keyOf({ kind: 'elements' })];
  const picture = result.observations[keyOf({ kind: 'image' })];
  return {
    id: photo.id,
    coordinate: photo.coordinate,
    country: result.truth!.country,
    city: result.truth!.city!,
    images: [{ bytes: image.bytes, path: imageName(photo.id) }],
    response: annotation.reasoning,
    entities: grounder.entities(annotation.reasoning).map(({ lemma }) => lemma),
    ...(elements?.kind === 'elements' && { elements: elements.elements }),
    annotator: result.chosen!,
    promptVersion: ANNOTATE_PROMPT_VERSION,
    mode: recipe.mode,
    annotations: Object.entries(result.observations).flatMap(([key, observation]) =>
      annotationOf(key, { observation, recipe }),
    ),
    gates: result.verdicts.map(({ gate, passed, reason, score }) => ({
      gate,
      passed,
      reason,
      ...defined({ score }),
    })),
    ...(picture?.kind === 'image' && { hash: picture.hash }),
    ...defined({ scene: photo.scene, owner: photo.owner, licence: photo.licence }),
    ...(accepted && { review: 'accepted' }),
  };
}

function annotationOf(
  key: string,
  { observation, recipe }: { observation: Observation; recipe: Recipe },
): RowAnnotation[] {
  if (observation.kind === 'annotation') {
    const { localizable, place, reasoning, evidence } = observation;
    return [
      {
        annotator: key.slice('annotation:'.length),
        localizable,
        reasoning,
        ...defined({ evidence }),
        ...(place !== undefined && { country: place.country }),
        ...(place?.city !== undefined && { city: place.city }),
      },
    ];
  }
  if (observation.kind !== 'position' || recipe.gps === null) return [];
  const { coordinate, confidence } = observation;
  return [{ annotator: recipe.gps.model, coordinate, ...defined({ confidence }) }];
}

/** Returns a file name that ends in .jpg, because every image was re-encoded as JPEG. */
function imageName(id: string): string {
  return `${id.replace(/\.[a-z]+$/iu, '')}.jpg`;
}
