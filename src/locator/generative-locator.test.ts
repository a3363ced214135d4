import { beforeAll, describe, expect, it } from 'vitest';
import { fakeGazetteer, fakeGeocoder } from '../../test/support/fake-gazetteer.ts';
import { picture } from '../../test/support/photos.ts';
import { prepareImage } from '../image/prepare-image.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import { locatePrompt } from '../prompts/locate-prompt.ts';
import { scriptedModel } from '../vision/scripted-model.ts';
import type { GenerateRequest, VisionModel } from '../vision/vision-model.ts';
import { generativeLocator, type GenerativeLocatorOptions } from './generative-locator.ts';

let image: PreparedImage;
beforeAll(async () => {
  image = await prepareImage(await picture());
});

const signal = new AbortController().signal;
const place = (city: string, country: string): string =>
  `<think>It looks like ${city}.</think><answer>country: ${country}\ncity: ${city}</answer>`;

const locate = async (answers: readonly string[], more: Partial<GenerativeLocatorOptions> = {}) =>
  generativeLocator({
    model: scriptedModel(answers),
    geocoder: fakeGeocoder,
    gazetteer: fakeGazetteer,
    samples: answers.length,
    ...more,
  }).locate(image, { signal });

describe('one sample', () => {
  it('gives the place, its position and the reasoning, but no confidence', async () => {
    const location = await locate([place('Paris', 'France')]);
    expect(location).toMatchObject({
      kind: 'located',
      place: { country: 'France', city: 'Paris' },
      coordinate: { latitudeDegrees: 48.8534 },
      granularity: 'city',
      reasoning: 'It looks like Paris.',
    });
    expect(location).not.toHaveProperty('confidence');
    expect(location).not.toHaveProperty('spreadKm');
  });

  it("asks in the form that the model was trained on, or in the caller's words", async () => {
    const prompts: string[] = [];
    const model: VisionModel = {
      name: 'short',
      promptForm: 'short',
      generate: async ({ prompt }) => {
        prompts.push(prompt);
        return [{ text: place('Paris', 'France'), finishReason: 'stop' }];
      },
    };
    await locate(['one'], { model });
    await locate(['one'], { model, prompt: 'Where?' });
    expect(prompts).toEqual([locatePrompt({ form: 'short' }), 'Where?']);
  });

  it('keeps a place that no geocoder knows apart from a refusal', async () => {
    expect(await locate([place('Atlantis', 'Ocean')])).toMatchObject({
      kind: 'notGeocodable',
      reason: 'no place is named Atlantis',
    });
    expect(await locate(['I cannot determine the location of this image.'])).toMatchObject({ kind: 'refused' });
    expect(await locate([''])).toMatchObject({ kind: 'unparseable', reason: 'the completion is empty' });
  });

  it("uses the model's own position if it names no place", async () => {
    expect(await locate(['<answer>48.80, 2.13</answer>'])).toMatchObject({
      kind: 'located',
      granularity: 'coordinate',
      coordinate: { latitudeDegrees: 48.8 },
      place: { country: 'France' },
    });
  });

  it('is greedy by default for one sample, and sampled for several', async () => {
    const requests: GenerateRequest[] = [];
    const model = scriptedModel((request) => {
      requests.push(request);
      return Array.from({ length: request.samples }, () => place('Paris', 'France'));
    });
    const options = { model, geocoder: fakeGeocoder, gazetteer: fakeGazetteer };
    await generativeLocator(options).locate(image, { signal, seed: 5 });
    await generativeLocator({ ...options, samples: 3 }).locate(image, { signal });
    expect(requests.map(({ temperature }) => temperature)).toEqual([0, 0.6]);
    expect(requests[0]!.seed).toBe(5);
  });
});

describe('several samples', () => {
  it('vote by place and report agreement and spread', async () => {
    const location = await locate([
      place('Madrid', 'Spain'),
      place('Paris', 'France'),
      place('PARIS', 'FRANCE'),
      place('Versailles', 'France'),
    ]);
    expect(location).toMatchObject({ kind: 'located', place: { city: 'Paris' }, confidence: 0.5 });
    // The distances from Paris are 1,053 km to Madrid, 17 km to Versailles, and 0 km for the two samples of Paris. The
    // spread is their mean.
    expect(location.spreadKm).toBeCloseTo((1053 + 17) / 4, -1);
    expect(location.samples).toHaveLength(4);
  });

  it('settle a tie by the place nearest to all samples', async () => {
    const location = await locate([place('Madrid', 'Spain'), place('Paris', 'France'), place('Versailles', 'France')]);
    expect(location.place?.country).toBe('France');
  });

  it('refuse when most of them refuse', async () => {
    const no = 'I cannot determine the location of this image.';
    expect(await locate([no, no, place('Paris', 'France')])).toMatchObject({
      kind: 'refused',
      reason: '2 of 3 samples: the model declined to name a place',
    });
    expect(await locate([no, place('Paris', 'France')])).toMatchObject({ kind: 'located', confidence: 0.5 });
  });

  it('geocode each place once', async () => {
    let calls = 0;
    await locate([place('Paris', 'France'), place('Paris', 'France')], {
      geocoder: {
        ...fakeGeocoder,
        geocode: async (...args) => {
          calls += 1;
          return fakeGeocoder.geocode(...args);
        },
      },
    });
    expect(calls).toBe(1);
  });
});

describe('alternatives', () => {
  const listed = JSON.stringify({
    country: 'Spain',
    city: 'Madrid',
    confidence: 0.5,
    alternatives: [
      { country: 'France', city: 'Paris', probability: 0.3 },
      { country: 'Ocean', city: 'Atlantis', probability: 0.1 },
      { latitude: 34.9, longitude: 132.1, probability: 0.1 },
    ],
  });

  it('have a place and a position, unless no geocoder knows them', async () => {
    const { place: chosen, confidence, alternatives } = await locate([listed]);
    expect(chosen).toMatchObject({ city: 'Madrid' });
    expect(confidence).toBe(0.5);
    expect(alternatives).toMatchObject([
      { place: { city: 'Paris' }, coordinate: { latitudeDegrees: 48.8534 }, granularity: 'city', probability: 0.3 },
      { place: { city: 'Hamada' }, coordinate: { latitudeDegrees: 34.9 }, granularity: 'coordinate', probability: 0.1 },
    ]);
  });

  it('are absent if the answer has none', async () => {
    expect(await locate([place('Paris', 'France')])).not.toHaveProperty('alternatives');
  });

  it('decide the vote of several samples', async () => {
    const answers = [place('Hamada', 'Japan'), listed, place('Paris', 'France'), listed];
    expect((await locate(answers)).place?.city).toBe('Paris');
    expect((await locate([...answers, listed])).place?.city).toBe('Paris');
    expect((await locate([...answers, place('Madrid', 'Spain')])).place?.city).toBe('Madrid');
  });
});

describe('granularity', () => {
  const cities = [place('Paris', 'France'), place('Versailles', 'France'), place('Marseille', 'France')];

  it('is the finest level on which enough samples agree', async () => {
    const levels = ['country', 'region', 'city'] as const;
    expect(await locate([...cities, place('Paris', 'France')], { levels })).toMatchObject({
      granularity: 'city',
      place: { city: 'Paris' },
    });
    const region = await locate(cities, { levels });
    expect(region).toMatchObject({ granularity: 'region', place: { region: 'Île-de-France' }, confidence: 2 / 3 });
    expect(region.place).not.toHaveProperty('city');
    expect(await locate(cities, { levels, agreementShare: 0.9 })).toMatchObject({
      granularity: 'country',
      place: { country: 'France', countryCode: 'FR' },
      confidence: 1,
    });
  });

  it('is never finer than the requested levels', async () => {
    expect(await locate([place('Paris', 'France')], { levels: ['country'] })).toMatchObject({
      granularity: 'country',
      place: { country: 'France', countryCode: 'FR' },
    });
  });

  it('abstains when the samples agree on nothing', async () => {
    const answers = [place('Paris', 'France'), place('Madrid', 'Spain'), place('Hamada', 'Japan')];
    expect(await locate(answers, { levels: ['country', 'city'] })).toMatchObject({
      kind: 'refused',
      reason: 'the samples do not agree on a country',
    });
  });
});
