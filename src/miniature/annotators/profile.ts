/**
 * Error rates of a simulated annotator. Each rate is the probability that the annotator makes the error, given a photo
 * where that error is possible. The profiles are invented, not measured on real models.
 */
import { z } from 'zod';

const rate = z.number().min(0).max(1);

export const profileSchema = z.strictObject({
  name: z.string().min(1),
  /** Annotators with different seeds make independent errors, except on the share of photos that `correlation` sets. */
  seed: z.int().default(0),
  /**
   * Names a wrong country although the photo shows the right one. The wrong country is one of the three that fit the
   * cues best.
   */
  wrongCountry: rate,
  /** Names a wrong city of the right country, although the photo shows the right one. */
  wrongCity: rate,
  /**
   * Guesses a city when the photo shows only the country. The guess is the country's first city in the table, often its
   * capital.
   */
  guessesCity: rate,
  /** Calls a photo without cues localizable, and names a place. */
  overconfident: rate,
  /** Calls a photo not localizable although it shows its country. */
  underconfident: rate,
  /** Believes a misleading cue and names the country that it suggests. */
  misled: rate,
  /** Mentions one to three things that are not in the photo. */
  hallucinates: rate,
  /** Probability that the annotator notices a visible cue. */
  attention: rate,
  /** Declines to answer. */
  refuses: rate,
  /** Answers in a malformed way; a lenient reader can repair about half of these answers. */
  malformed: rate,
  /**
   * Share of photos whose errors in place and localizability come from a random stream that all annotators share. For
   * two annotators with equal rates, this share is the correlation of their errors. At 0 their errors are independent.
   */
  correlation: rate,
  /** Wording of the reasoning: 'careful' hedges, 'bold' asserts. */
  style: z.enum(['careful', 'bold']),
  /**
   * Where the reasoning names the place. `throughout` names it in the sentence of each cue. `closing` names it only in
   * the last sentence, after the evidence.
   */
  places: z.enum(['throughout', 'closing']).default('throughout'),
});

export type AnnotatorProfile = z.infer<typeof profileSchema>;

/** Takes the place of the paper's Qwen2.5-VL-72B. The rates are our choice; they were not measured on that model. */
export const CAREFUL: AnnotatorProfile = {
  name: 'miniature-careful',
  seed: 1,
  wrongCountry: 0.06,
  wrongCity: 0.08,
  guessesCity: 0.3,
  overconfident: 0.15,
  underconfident: 0.06,
  misled: 0.35,
  hallucinates: 0.15,
  attention: 0.92,
  refuses: 0.015,
  malformed: 0.03,
  correlation: 0.15,
  style: 'careful',
  places: 'throughout',
};

/** Takes the place of the paper's InternVL3-78B. The rates are our choice; they were not measured on that model. */
export const BOLD: AnnotatorProfile = {
  name: 'miniature-bold',
  seed: 2,
  wrongCountry: 0.1,
  wrongCity: 0.13,
  guessesCity: 0.85,
  overconfident: 0.5,
  underconfident: 0.03,
  misled: 0.65,
  hallucinates: 0.3,
  attention: 0.85,
  refuses: 0.005,
  malformed: 0.06,
  correlation: 0.15,
  style: 'bold',
  places: 'throughout',
};

export const PROFILES = {
  careful: CAREFUL,
  bold: BOLD,
  'careful-evidence': { ...CAREFUL, name: 'miniature-careful-evidence', places: 'closing' },
  'bold-evidence': { ...BOLD, name: 'miniature-bold-evidence', places: 'closing' },
} as const satisfies Readonly<Record<string, AnnotatorProfile>>;
