import { describe, expect, it } from 'vitest';
import { drawnWorld } from '../../../test/support/miniature-world.ts';
import { completionParts } from '../../core/answer-grammar.ts';
import { distanceKm } from '../../core/distance.ts';
import { mean } from '../../core/statistics/index.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { ANNOTATE_PROMPT, type AnnotationForm } from '../../prompts/annotate-prompt.ts';
import { locatePrompt } from '../../prompts/locate-prompt.ts';
import type { Completion, GenerateRequest } from '../../vision/vision-model.ts';
import { cityPosition } from '../position.ts';
import type { SceneTruth } from '../truth.ts';
import { CITIES } from '../facts/cities.ts';
import { beliefOf } from './belief.ts';
import { DAMAGES } from './damage.ts';
import { GPS, simulatedGps } from './gps-annotator.ts';
import { openSimulatedAnnotator } from './open-annotator.ts';
import { type AnnotatorProfile, BOLD, CAREFUL, profileSchema } from './profile.ts';
import { simulatedAnnotator } from './simulated-annotator.ts';
import { truthSegmenter } from './truth-segmenter.ts';

const world = drawnWorld({ scenes: 1200, seed: 3 });
const gazetteer = openGazetteer();
const signal = new AbortController().signal;
const imageOf = ({ preparedSha256 }: SceneTruth): PreparedImage => ({
  bytes: new Uint8Array(),
  mediaType: 'image/jpeg',
  widthPixels: 96,
  heightPixels: 96,
  sha256: preparedSha256,
});
const ask = async (
  profile: AnnotatorProfile,
  scene: SceneTruth,
  more: Partial<GenerateRequest> = {},
): Promise<Completion[]> =>
  simulatedAnnotator(world, profile).generate({
    image: imageOf(scene),
    prompt: ANNOTATE_PROMPT,
    samples: 1,
    temperature: 0,
    maxTokens: 512,
    signal,
    ...more,
  });
/** A profile without errors. */
const faultless: AnnotatorProfile = profileSchema.parse({
  name: 'faultless',
  wrongCountry: 0,
  wrongCity: 0,
  guessesCity: 0,
  overconfident: 0,
  underconfident: 0,
  misled: 0,
  hallucinates: 0,
  attention: 1,
  refuses: 0,
  malformed: 0,
  correlation: 0,
  style: 'careful',
});
const share = (items: readonly SceneTruth[], test: (scene: SceneTruth) => boolean): number =>
  items.filter(test).length / items.length;
const localizable = world.scenes.filter(({ difficulty }) => difficulty !== 'not-localizable');
const unlocalizable = world.scenes.filter(({ difficulty }) => difficulty === 'not-localizable');

describe('beliefOf', () => {
  it('equals the truth without errors: country and city as far as the photo shows them', () => {
    for (const scene of world.scenes) {
      const belief = beliefOf(scene, faultless);
      expect(belief.localizable).toBe(scene.difficulty !== 'not-localizable');
      expect(belief.country?.code).toBe(belief.localizable ? scene.countryCode : undefined);
      expect(belief.city?.geonameId).toBe(scene.difficulty === 'easy' ? scene.geonameId : undefined);
    }
  });

  it.each([CAREFUL, BOLD])('errs at the rates of its profile: $name', (profile) => {
    const belief = new Map(world.scenes.map((scene) => [scene, beliefOf(scene, profile)]));
    const of = (scene: SceneTruth): ReturnType<typeof beliefOf> => belief.get(scene)!;
    const judged = localizable.filter((scene) => of(scene).localizable);
    const plain = judged.filter(({ cues }) => !cues.some(({ misleading }) => misleading));
    expect(share(unlocalizable, (scene) => of(scene).localizable)).toBeCloseTo(profile.overconfident, 1);
    expect(share(localizable, (scene) => !of(scene).localizable)).toBeCloseTo(profile.underconfident, 1);
    expect(
      Math.abs(share(plain, (scene) => of(scene).country!.code !== scene.countryCode) - profile.wrongCountry),
    ).toBeLessThan(0.035);
    const cityNamed = plain.filter(
      (scene) =>
        scene.difficulty === 'easy' &&
        of(scene).country!.code === scene.countryCode &&
        of(scene).city !== undefined &&
        of(scene).noticed.some(({ kind }) => kind === 'landmark' || kind === 'transit'),
    );
    expect(
      Math.abs(share(cityNamed, (scene) => of(scene).city!.geonameId !== scene.geonameId) - profile.wrongCity),
    ).toBeLessThan(0.05);
  });

  it('errs on the same photos as another annotator as often as the correlation demands', () => {
    const rates = { wrongCountry: 0.3, attention: 1, underconfident: 0 };
    const wrong = (profile: AnnotatorProfile): number[] =>
      localizable.map((scene) => (beliefOf(scene, profile).country?.code === scene.countryCode ? 0 : 1));
    const correlationAt = (correlation: number): number => {
      const a = wrong({ ...faultless, ...rates, correlation, seed: 1 });
      const b = wrong({ ...faultless, ...rates, correlation, seed: 2 });
      const [ma, mb] = [mean(a)!, mean(b)!];
      const covariance = mean(a.map((value, i) => (value - ma) * (b[i]! - mb)))!;
      return covariance / Math.sqrt(ma * (1 - ma) * mb * (1 - mb));
    };
    // The standard error of a correlation over 1,200 photos is 0.03. The limit is three standard errors.
    for (const correlation of [0, 0.5, 1])
      expect(Math.abs(correlationAt(correlation) - correlation)).toBeLessThan(0.09);
  });
});

describe('simulatedAnnotator', () => {
  it('answers in the form of the prompt and mentions only present things when it is faultless', async () => {
    for (const scene of world.scenes.slice(0, 200)) {
      const [completion] = await ask(faultless, scene);
      const annotation = JSON.parse(completion!.text) as AnnotationForm;
      expect(annotation.localizable).toBe(scene.difficulty === 'not-localizable' ? 'no' : 'yes');
      expect(annotation.reasoning).toMatch(/^[A-Z].*\.$/u);
      expect(annotation.reasoning).not.toMatch(/[{}]|undefined/);
      const shown = new Set(scene.elements.map(({ label }) => label));
      const mentions = world.vocabulary.filter(
        (label) => label.includes(' ') && annotation.reasoning.includes(` ${label} `),
      );
      // Only the longest mention counts, because "blue white red flag" also contains "white red flag".
      const longest = mentions.filter((label) => !mentions.some((other) => other !== label && other.includes(label)));
      expect(
        longest.filter((label) => !shown.has(label)),
        annotation.reasoning,
      ).toEqual([]);
    }
  });

  it('mentions absent things at about the rate of its profile', async () => {
    const profile = { ...faultless, hallucinates: 0.5 };
    let invented = 0;
    for (const scene of world.scenes.slice(0, 400)) {
      const [plain, other] = [await ask(faultless, scene), await ask(profile, scene)].map(
        ([completion]) => completion!.text,
      );
      if (plain !== other) invented += 1;
    }
    expect(invented / 400).toBeGreaterThan(0.4);
    expect(invented / 400).toBeLessThan(0.62);
  });

  it('repeats greedy answers, and varies sampled answers by seed and sample', async () => {
    const scene = localizable[0]!;
    expect(await ask(BOLD, scene, { seed: 1 })).toEqual(await ask(BOLD, scene, { seed: 2 }));
    const texts = (await ask(BOLD, scene, { temperature: 1, samples: 8 })).map(({ text }) => text);
    expect(new Set(texts).size).toBeGreaterThan(2);
    expect(await ask(BOLD, scene, { temperature: 1, seed: 5 })).not.toEqual(
      await ask(BOLD, scene, { temperature: 1, seed: 6 }),
    );
  });

  it('lists the things of its reasoning as evidence, with the place that each supports', async () => {
    for (const scene of localizable.slice(0, 40)) {
      const [completion] = await ask({ ...faultless, hallucinates: 1 }, scene);
      const { evidence = [], reasoning, country, city } = JSON.parse(completion!.text) as AnnotationForm;
      expect(evidence.length).toBeGreaterThan(0);
      for (const { thing, attribute, supports } of evidence) {
        const element = attribute === null ? thing : `${attribute} ${thing}`;
        expect(reasoning.toLowerCase()).toContain(element);
        expect([country, city, null]).toContain(supports);
      }
    }
  });

  it('damages and declines at its rates, and sampling again can help', async () => {
    const profile = { ...faultless, malformed: 0.5, refuses: 0.2 };
    const clean = (completion: Completion): boolean =>
      completion.text.startsWith('{"evidence":') && completion.text.endsWith('}') && completion.finishReason === 'stop';
    let first = 0;
    let second = 0;
    for (const scene of localizable.slice(0, 300)) {
      const [once] = await ask(profile, scene);
      if (clean(once!)) continue;
      first += 1;
      const [again] = await ask(profile, scene, { temperature: 0.6, seed: 9 });
      if (clean(again!)) second += 1;
    }
    expect(first / 300).toBeGreaterThan(0.45);
    expect(second / first).toBeGreaterThan(0.25);
    expect(Object.keys(DAMAGES)).toContain('cut off');
  });

  it('answers the locate prompt in its tags, and its short form in two lines', async () => {
    const scene = world.scenes.find(({ difficulty }) => difficulty === 'easy')!;
    const [completion] = await ask(faultless, scene, { prompt: locatePrompt() });
    expect(completionParts(completion!.text).wellFormed).toBe(true);
    const [lines] = await ask(faultless, scene, { prompt: locatePrompt({ reasoning: false }) });
    expect(lines!.text).toMatch(/^country: .+\ncity: .+$/);
  });

  it('rejects photos of other worlds, other prompts and unknown profiles', async () => {
    await expect(ask(CAREFUL, { ...world.scenes[0]!, preparedSha256: 'beef' })).rejects.toThrow(/No scene/);
    await expect(ask(CAREFUL, world.scenes[0]!, { prompt: 'What is the weather?' })).rejects.toThrow(/is simulated/);
    await expect(openSimulatedAnnotator('somewhere#reckless')).rejects.toThrow(/Unknown simulated annotator/);
  });
});

describe('simulatedGps', () => {
  it('is near at the rates of its profile, with higher confidence when near', async () => {
    const gps = simulatedGps(world, { gazetteer });
    const found = await Promise.all(
      world.scenes.map(async (scene) => {
        const { coordinate, confidence } = await gps.locate(imageOf(scene), { signal });
        return { scene, km: distanceKm(coordinate!, scene), confidence: confidence! };
      }),
    );
    for (const difficulty of ['easy', 'country-only', 'not-localizable'] as const) {
      const ofDifficulty = found.filter(({ scene }) => scene.difficulty === difficulty);
      const near = ofDifficulty.filter(({ km }) => km < 25).length / ofDifficulty.length;
      expect(Math.abs(near - GPS[difficulty].near), difficulty).toBeLessThan(0.06);
    }
    const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
    const nearby = median(found.filter(({ km }) => km < 25).map(({ confidence }) => confidence));
    const far = median(found.filter(({ km }) => km > 2500).map(({ confidence }) => confidence));
    expect(nearby).toBeGreaterThan(5 * far);
    for (const { confidence } of found) expect(confidence > 0 && confidence < 1).toBe(true);
  });

  it('knows the position of every city', () => {
    for (const city of CITIES) expect(cityPosition(city, gazetteer).country).not.toBe('');
  });
});

describe('truthSegmenter', () => {
  it('returns the elements of the drawing, or misses small ones at the requested rate', async () => {
    const scene = localizable[0]!;
    expect(await truthSegmenter(world).segment(imageOf(scene), { signal })).toEqual(scene.elements);
    const blind = await truthSegmenter(world, { missed: 1, smallShare: 0.05 }).segment(imageOf(scene), { signal });
    expect(blind).toEqual(scene.elements.filter(({ share }) => share >= 0.05));
  });
});
