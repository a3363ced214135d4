/**
 * Observations are facts about a photo that instruments have measured. They are the expensive part of curation, so each
 * observation is made once and logged. From the observations, gates decide whether to keep the photo.
 */
import { z } from 'zod';

const place = z.object({
  country: z.string(),
  city: z.string().exactOptional(),
  region: z.string().exactOptional(),
  countryCode: z.string().exactOptional(),
  geonameId: z.number().exactOptional(),
});
const position = z.object({ latitudeDegrees: z.number(), longitudeDegrees: z.number() });
const evidence = z.object({
  thing: z.string(),
  attribute: z.string().exactOptional(),
  text: z.string().exactOptional(),
  supports: z.string().exactOptional(),
});
const element = z.object({ label: z.string(), share: z.number() });

export const observationSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('image'),
    widthPixels: z.number(),
    heightPixels: z.number(),
    /** Perceptual hash of the image, in hexadecimal. */
    hash: z.string(),
    /** Perceptual hashes of crops, in base64; absent in older runs. */
    crops: z.string().exactOptional(),
    /** SHA-256 of the file, in hexadecimal; absent in older runs. */
    sha256: z.string().exactOptional(),
    /** Standard deviation of the grey values, between 0 and 127.5. Absent in runs of older versions. */
    contrast: z.number().exactOptional(),
    /**
     * Share of the pixels whose grey value is within 3 of the most frequent grey value. Absent in runs of older
     * versions.
     */
    flatShare: z.number().exactOptional(),
  }),
  z.object({ kind: z.literal('unreadable'), reason: z.string() }),
  z.object({
    kind: z.literal('annotation'),
    localizable: z.boolean(),
    reasoning: z.string(),
    place: place.exactOptional(),
    /** Things that the annotator says it sees. Absent if the annotator named none, and in runs of older versions. */
    evidence: z.array(evidence).exactOptional(),
  }),
  /** There is no annotation, because no answer could be parsed or a content filter refused the request. */
  z.object({
    kind: z.literal('no-annotation'),
    reason: z.string(),
    text: z.string().exactOptional(),
    /** The token limit at which the last answer was cut off. A resumed run with a higher limit asks again. */
    cutAtTokens: z.number().exactOptional(),
  }),
  z.object({
    kind: z.literal('position'),
    coordinate: position,
    confidence: z.number().exactOptional(),
  }),
  z.object({ kind: z.literal('no-position'), reason: z.string() }),
  z.object({ kind: z.literal('elements'), elements: z.array(element) }),
  /** The claims of an annotation, each with the verifier's verdict. */
  z.object({
    kind: z.literal('claims'),
    claims: z.array(
      evidence.extend({
        sentence: z.string().exactOptional(),
        isListed: z.literal(true).exactOptional(),
        verdict: z.enum(['seen', 'contradicted', 'cannot tell']),
        onlyThing: z.literal(true).exactOptional(),
        probability: z.number().exactOptional(),
        by: z.string().exactOptional(),
      }),
    ),
  }),
  z.object({ kind: z.literal('similarity'), value: z.number() }),
  z.object({ kind: z.literal('pass-rate'), right: z.number(), samples: z.number() }),
]);

export type Observation = z.infer<typeof observationSchema>;
export type Annotation = Extract<Observation, { kind: 'annotation' }>;

export type Question =
  | { readonly kind: 'image' }
  | { readonly kind: 'annotation'; readonly annotator: string }
  | { readonly kind: 'position' }
  | { readonly kind: 'elements' }
  /** Asks whether the image shows what an annotator claims. */
  | { readonly kind: 'claims'; readonly annotator: string }
  /** The similarity of two annotators' reasoning texts. */
  | { readonly kind: 'similarity'; readonly a: string; readonly b: string }
  | { readonly kind: 'pass-rate' };

/** Returns the key of a question, under which the log stores its answer. */
export function keyOf(question: Question): string {
  switch (question.kind) {
    case 'annotation':
      return `annotation:${question.annotator}`;
    case 'claims':
      return `claims:${question.annotator}`;
    case 'similarity':
      return `similarity:${question.a}~${question.b}`;
    case 'image':
    case 'position':
    case 'elements':
    case 'pass-rate':
      return question.kind;
  }
}

/** The observations of one photo, by question key. */
export type Observations = ReadonlyMap<string, Observation>;
