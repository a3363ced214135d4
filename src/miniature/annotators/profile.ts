/**
 * Error rates of a simulated annotator. Every rate is known: it is the probability of the error in the cases where it can
 * happen. The profiles differ from each other as large models do, but are not measured on any model.
 */
import { z } from 'zod';

const rate = z.number().min(0).max(1);

export const profileSchema = z.strictObject({
  name: z.string().min(1),
  /** Profiles with different seeds draw their errors independently, except for `correlation`. */
  seed: z.int().default(0),
  /** Names a wrong country, one of the likeliest by its cues, when the photo shows the country. */
  wrongCountry: rate,
  /** Names a wrong city of the right country, when the photo shows the city. */
  wrongCity: rate,
  /** Names a city when the photo shows only the country: the first of the country in the table, as people guess capitals. */
  guessesCity: rate,
  /** Calls a photo without cues localizable, and names a place. */
  overconfident: rate,
  /** Calls a photo that shows its country not localizable. */
  underconfident: rate,
  /** Follows a misleading cue to the country of the cue. */
  misled: rate,
  /** Mentions one to three things that are not in the photo. */
  hallucinates: rate,
  /** Notices a cue that is visible. */
  attention: rate,
  /** Declines to answer. */
  refuses: rate,
  /** Answers in another form than requested; a lenient reader can repair about half of these. */
  malformed: rate,
  /**
   * Share of photos whose errors of place and judgement come from a random stream that all annotators share. For two
   * annotators with equal rates it is the correlation of their error indicators; 0 makes them independent.
   */
  correlation: rate,
  /** 'careful' hedges, 'bold' asserts. */
  style: z.enum(['careful', 'bold']),
});

export type AnnotatorProfile = z.infer<typeof profileSchema>;

/** Replaces the paper's Qwen2.5-VL-72B; the rates are our choice, not that model's. */
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
};

/** Replaces the paper's InternVL3-78B; the rates are our choice, not that model's. */
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
};

export const PROFILES = { careful: CAREFUL, bold: BOLD } as const;
