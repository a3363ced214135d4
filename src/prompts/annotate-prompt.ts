/**
 * The annotators' prompt in curation. It asks whether the photo is localizable, why, and for country and city. The
 * paper names these three outputs but does not give a prompt, so the wording is ours. It has a version, because a
 * changed prompt makes a different dataset. Curation parses the answers.
 */

/** Saved with every record and in the run's options. Raise it when the text or the schema changes. */
export const ANNOTATE_PROMPT_VERSION = 'annotate-1';

/** Maximum tokens of an annotation: enough for JSON with a paragraph of reasoning. The number is our choice. */
export const ANNOTATE_MAX_TOKENS = 512;

/** The fields of an annotation, in the order in which the model writes them: reasoning first, then the judgement. */
export type AnnotationForm = {
  readonly reasoning: string;
  readonly localizable: 'yes' | 'no';
  /** Null when the photo is not localizable. */
  readonly country: string | null;
  /** Null when only the country can be determined. */
  readonly city: string | null;
};

/** JSON schema of AnnotationForm, for servers that can make a completion follow it. */
export const ANNOTATE_JSON_SCHEMA: Readonly<Record<string, unknown>> = {
  type: 'object',
  properties: {
    reasoning: { type: 'string' },
    localizable: { type: 'string', enum: ['yes', 'no'] },
    country: { type: ['string', 'null'] },
    city: { type: ['string', 'null'] },
  },
  required: ['reasoning', 'localizable', 'country', 'city'],
  additionalProperties: false,
};

/** The user message that goes with the image. */
export const ANNOTATE_PROMPT = `You annotate photographs for a geolocation dataset. Look at the image and judge where on Earth it was taken.

1. Examine what is visible: architecture, signs and scripts, vehicles and plates, road markings, vegetation, terrain, climate, people and their clothes, landmarks. Name only what you can see in this image.
2. Reason from these things to a country and a city, and say what each of them tells.
3. Judge whether the image is localizable: "yes" when its visible content is enough to tell at least the country, "no" when it could have been taken almost anywhere.

Answer with one JSON object and nothing else:
{"reasoning": "[your reasoning, a few sentences of plain text]", "localizable": "[yes or no]", "country": "[country name in English, or null]", "city": "[city name in English, or null]"}
Write null for what cannot be told; for an image that is not localizable, say in the reasoning what is missing.`;

/** An annotation in the form that the prompt asks for. */
export function annotationText({ reasoning, localizable, country, city }: AnnotationForm): string {
  return JSON.stringify({ reasoning, localizable, country, city });
}
