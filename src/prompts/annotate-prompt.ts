/**
 * The prompt for annotators in curation. It asks for three things: whether the photo is localizable, the reasoning, and
 * the country and city. The paper names these outputs but publishes no prompt, so the wording is ours. The prompt has a
 * version, because another prompt produces another dataset. Curation parses the answers.
 */

/** Saved with every record and in the run's options. Increase it when the text or the schema changes. */
export const ANNOTATE_PROMPT_VERSION = 'annotate-2';

/** Maximum tokens of an annotation: enough for a dozen pieces of evidence and a paragraph. The value is our choice. */
export const ANNOTATE_MAX_TOKENS = 1024;

/** One visible thing and what it suggests about the place. */
export type EvidenceForm = {
  readonly thing: string;
  /** What distinguishes the thing, such as colour, material or script; null for none. */
  readonly attribute: string | null;
  /** Text that is legible on the thing; null for none. */
  readonly text: string | null;
  /** What the thing suggests about the place; null for nothing. */
  readonly supports: string | null;
};

/** The fields of an annotation in the order in which the model writes them: evidence, reasoning, then the judgement. */
export type AnnotationForm = {
  readonly evidence?: readonly EvidenceForm[];
  readonly reasoning: string;
  readonly localizable: 'yes' | 'no';
  /** Null if the photo is not localizable. */
  readonly country: string | null;
  /** Null if only the country can be determined. */
  readonly city: string | null;
};

/** JSON schema of AnnotationForm, for servers that can constrain a completion to a schema. */
export const ANNOTATE_JSON_SCHEMA: Readonly<Record<string, unknown>> = {
  type: 'object',
  properties: {
    evidence: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          thing: { type: 'string' },
          attribute: { type: ['string', 'null'] },
          text: { type: ['string', 'null'] },
          supports: { type: ['string', 'null'] },
        },
        required: ['thing', 'attribute', 'text', 'supports'],
        additionalProperties: false,
      },
    },
    reasoning: { type: 'string' },
    localizable: { type: 'string', enum: ['yes', 'no'] },
    country: { type: ['string', 'null'] },
    city: { type: ['string', 'null'] },
  },
  required: ['evidence', 'reasoning', 'localizable', 'country', 'city'],
  additionalProperties: false,
};

/** The user message that accompanies the image. */
export const ANNOTATE_PROMPT = `You annotate photographs for a geolocation dataset. Look at the image and judge where on Earth it was taken.

1. Examine what is visible: architecture, signs and scripts, vehicles and plates, road markings, vegetation, terrain, climate, people and their clothes, landmarks. Name only what you can see in this image.
2. List it as evidence: one entry for each thing, with what distinguishes it (colour, material, shape, script), the text that you can read on it, and what it suggests about the place.
3. Reason from this evidence to a country and a city, and say what each thing tells. End with the place that you conclude. Write in English.
4. Judge whether the image is localizable: "yes" when its visible content is enough to tell at least the country, "no" when it could have been taken almost anywhere.

Answer with one JSON object and nothing else:
{"evidence": [{"thing": "licence plate", "attribute": "yellow", "text": null, "supports": "what it suggests, or null"}], "reasoning": "[your reasoning in English, a few sentences of plain text]", "localizable": "[yes or no]", "country": "[country name in English, or null]", "city": "[city name in English, or null]"}
Write null for what cannot be told; for an image that is not localizable, say in the reasoning what is missing.`;

/** Writes an annotation in the form that the prompt requests. */
export function annotationText({ evidence = [], reasoning, localizable, country, city }: AnnotationForm): string {
  return JSON.stringify({ evidence, reasoning, localizable, country, city });
}
