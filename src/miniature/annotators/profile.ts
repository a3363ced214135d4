/**
 * How a simulated annotator errs: every rate is known, and is the probability given that the case arises. They are made
 * to differ from each other as large models do, and are measured on none.
 */
import { z } from 'zod';

const rate = z.number().min(0).max(1);

export const profileSchema = z.strictObject({
  name: z.string().min(1),
  /** Errors of profiles with different seeds are drawn apart, but for `correlation`. */
  seed: z.int().default(0),
  /** Names another country, the likeliest by what it noticed, where the country can be told. */
  wrongCountry: rate,
  /** Names another city of the right country, where the city can be told. */
  wrongCity: rate,
  /** Names a city where only the country can be told: the country's first in the table, as people guess capitals. */
  guessesCity: rate,
  /** Calls a photo localizable that shows nothing, and names a place. */
  overconfident: rate,
  /** Calls a photo not localizable that shows its country. */
  underconfident: rate,
  /** Follows a misleading cue to the country that it comes from. */
  misled: rate,
  /** Names one to three things that are not in the photo. */
  hallucinates: rate,
  /** Notices a cue that is visible. */
  attention: rate,
  /** Declines to answer. */
  refuses: rate,
  /** Answers in another form than was asked for; a lenient reader can mend about half of these. */
  malformed: rate,
  /**
   * Share of photos whose errors of place and judgement are drawn from a stream that all annotators share. For two
   * annotators with equal rates it is the correlation of their error indicators; 0 makes them independent.
   */
  correlation: rate,
  /** 'careful' hedges, 'bold' asserts. */
  style: z.enum(['careful', 'bold']),
});

export type AnnotatorProfile = z.infer<typeof profileSchema>;

/** Stands where the paper has Qwen2.5-VL-72B; its rates are our choice and not that model's. */
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

/** Stands where the paper has InternVL3-78B; its rates are our choice and not that model's. */
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
