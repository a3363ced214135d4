/**
 * Finds the role of each column in a file of predictions. There is no standard for such files. This module therefore
 * lists common headers, and the user can set every role. The protocol of a result names the columns that were read.
 */
import { invalidInput } from '../core/errors.ts';
import { headerKey as key } from '../storage/named-columns.ts';

/** Known headers of each role, most specific first. Comparison ignores case, spaces and punctuation. */
const HEADERS = {
  id: [
    'img_id',
    'image_id',
    'image_name',
    'id',
    'image',
    'file',
    'filename',
    'file_name',
    'image_path',
    'path',
    'photo_id',
  ],
  latitude: [
    'label_lat',
    'label_latitude',
    'true_lat',
    'true_latitude',
    'gt_lat',
    'gt_latitude',
    'lat_true',
    'lat_gt',
    'latitude_true',
    'lat',
    'latitude',
    'latitude_degrees',
  ],
  longitude: [
    'label_long',
    'label_lon',
    'label_lng',
    'label_longitude',
    'true_lon',
    'true_longitude',
    'gt_lon',
    'gt_lng',
    'gt_longitude',
    'lon_true',
    'lon_gt',
    'longitude_true',
    'lon',
    'lng',
    'long',
    'longitude',
    'longitude_degrees',
  ],
  city: ['label_city', 'true_city', 'gt_city', 'city_true', 'city'],
  country: ['label_country', 'true_country', 'gt_country', 'country_true', 'country'],
  predictedLatitude: [
    'predicted_lat',
    'predicted_latitude',
    'lat_pred',
    'latitude_pred',
    'pred_lat',
    'pred_latitude',
    'lat_predicted',
    'latitude_predicted',
  ],
  predictedLongitude: [
    'predicted_long',
    'predicted_lon',
    'predicted_lng',
    'predicted_longitude',
    'lon_pred',
    'lng_pred',
    'long_pred',
    'longitude_pred',
    'pred_lon',
    'pred_lng',
    'pred_long',
    'pred_longitude',
    'lon_predicted',
    'longitude_predicted',
  ],
  predictedCity: ['predicted_city', 'city_pred', 'pred_city', 'city_predicted'],
  predictedCountry: ['predicted_country', 'country_pred', 'pred_country', 'country_predicted'],
  predictedPlace: [
    'predicted_place',
    'predicted_location',
    'pred_location',
    'location_pred',
    'place_pred',
    'location',
    'place',
  ],
  completion: [
    'model_response',
    'completion',
    'response',
    'model_output',
    'output',
    'raw_response',
    'generated_text',
    'generation',
    'model_answer',
    'predicted_answer',
    'answer_pred',
    'prediction',
    'text',
    // In files of questions, "answer" may be the true answer, so all other headers take precedence.
    'answer',
  ],
  author: ['author', 'owner', 'flickr_owner', 'user_id', 'nsid'],
  scene: ['s3_label', 'scene'],
  confidence: ['confidence', 'score', 'probability', 'prob'],
  /** The outcome of the image and its reason, in files that `globe evaluate` wrote. */
  status: ['status'],
  reason: ['reason'],
  success: ['success', 'ok', 'succeeded'],
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof HEADERS;

/** The header of each role. A role is absent if no column has it. */
export type Columns = Readonly<Partial<Record<Role, string>>>;

/**
 * For each role of the truth, the same role of the prediction. If the truth is in another file, a header such as "city"
 * means the predicted city.
 */
const PREDICTED_BY_TRUTH = {
  latitude: 'predictedLatitude',
  longitude: 'predictedLongitude',
  city: 'predictedCity',
  country: 'predictedCountry',
} as const satisfies Partial<Record<Role, Role>>;

export const ROLES = Object.keys(HEADERS) as readonly Role[];

export type GuessOptions = {
  readonly headers: readonly string[];
  /** Columns that the user set with `--column ROLE=HEADER`. They override guesses. */
  readonly overrides?: Columns;
  /** True if the truth is in another file. */
  readonly truthElsewhere?: boolean;
};

/**
 * Guesses the role of each column from its header. Throws `invalid-input` if a header in `overrides` does not exist.
 */
export function guessColumns({ headers, overrides = {}, truthElsewhere = false }: GuessOptions): Columns {
  const columns: Partial<Record<Role, string>> = {};
  const byKey = new Map(headers.toReversed().map((header) => [key(header), header]));
  const taken = new Set<string>(Object.values(overrides));
  for (const role of ROLES) {
    const header = HEADERS[role]
      .map((name) => byKey.get(key(name)))
      .find((name) => name !== undefined && !taken.has(name));
    if (overrides[role] !== undefined) columns[role] = present(overrides[role], { role, headers });
    else if (header !== undefined) columns[role] = header;
  }
  preferAnswers(columns, { overrides, truthElsewhere });
  return truthElsewhere ? asPredictions(columns, overrides) : columns;
}

/** In a file that also has the true position, these headers may mean the prediction or the true place. */
export const AMBIGUOUS_HEADERS: ReadonlySet<string> = new Set(['location', 'place', 'answer']);

/** "location" may be the true place if the file also contains the truth. A column of completions is then preferred. */
function preferAnswers(
  columns: Partial<Record<Role, string>>,
  { overrides, truthElsewhere }: Required<Pick<GuessOptions, 'truthElsewhere'>> & { readonly overrides: Columns },
): void {
  const { predictedPlace, completion } = columns;
  if (truthElsewhere || overrides.predictedPlace !== undefined || predictedPlace === undefined) return;
  if (AMBIGUOUS_HEADERS.has(key(predictedPlace)) && completion !== undefined) columns.predictedPlace = completion;
}

function asPredictions(columns: Columns, overrides: Columns): Columns {
  const result: Partial<Record<Role, string>> = { ...columns };
  for (const [truth, predicted] of Object.entries(PREDICTED_BY_TRUTH) as [Role, Role][]) {
    if (result[predicted] !== undefined || overrides[truth] !== undefined || result[truth] === undefined) continue;
    // Keep "label_city", which is always the truth. Only a plain header such as "city" can mean the prediction.
    if (/label|true|gt/.test(key(result[truth]))) continue;
    result[predicted] = result[truth];
    delete result[truth];
  }
  return result;
}

function present(header: string, { role, headers }: { role: Role; headers: readonly string[] }): string {
  const found = headers.find((name) => name === header) ?? headers.find((name) => key(name) === key(header));
  if (found === undefined) {
    throw invalidInput(
      `The column "${header}", named for ${role}, does not exist.`,
      `The columns are: ${headers.join(', ')}.`,
    );
  }
  return found;
}
