/**
 * The truth about each photo of a generated world, one JSON line per photo. Annotators and reports read it; training
 * and curation must not.
 */
import { z } from 'zod';
import { CITY_CUES, COUNTRY_CUES } from './cues.ts';
import { DIFFICULTIES, SETTINGS } from './stage.ts';

export const cueSchema = z.object({
  kind: z.enum([...COUNTRY_CUES, ...CITY_CUES]),
  value: z.string(),
  /** Label of the element that shows the cue. */
  element: z.string(),
  misleading: z.boolean(),
});

export const truthSchema = z.object({
  /** The photo's IMG_ID, which is its file name in images/. */
  id: z.string(),
  /** Hex SHA-256 of the file. */
  sha256: z.string(),
  /** Hex SHA-256 of the image that models get, as prepareImage makes it with its defaults. */
  preparedSha256: z.string(),
  split: z.enum(['train', 'test']),
  owner: z.string(),
  licence: z.string(),
  country: z.string(),
  countryCode: z.string(),
  city: z.string(),
  geonameId: z.number(),
  /** Coordinates of the photo, not of its city. */
  latitudeDegrees: z.number(),
  longitudeDegrees: z.number(),
  setting: z.enum(SETTINGS),
  view: z.string(),
  difficulty: z.enum(DIFFICULTIES),
  /**
   * Probability of the true country given the visible cues, according to the weights that define the generated world.
   */
  countryPosterior: z.number(),
  /** All visible elements, largest share first. */
  elements: z.array(z.object({ label: z.string(), share: z.number() })),
  /** Visible facts about the place. */
  cues: z.array(cueSchema),
  /** Name of the city's landmark, if it is visible. */
  landmark: z.string().optional(),
  /** Id of the photo that this one nearly repeats. */
  repeats: z.string().optional(),
});

export type SceneTruth = z.infer<typeof truthSchema>;
export type SceneCue = z.infer<typeof cueSchema>;
