import { describe, expect, it } from 'vitest';
import { drawnWorld } from '../../test/support/miniature-world.ts';
import { distanceKm } from '../core/distance.ts';
import { openGazetteer } from '../gazetteer/open.ts';
import { CITIES } from './facts/cities.ts';
import { cityPosterior, idealAnswer } from './ideal-observer.ts';
import { cityPosition } from './position.ts';
import { landmarkName } from './views/landmark.ts';

const gazetteer = openGazetteer();
const positions = CITIES.map((city) => cityPosition(city, gazetteer).coordinate);
const london = CITIES.findIndex(({ name }) => name === 'London');
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('cityPosterior', () => {
  it('without cues is uniform over countries and over the cities of each country', () => {
    const posterior = cityPosterior([]);
    expect(sum(posterior)).toBeCloseTo(1, 9);
    const british = CITIES.flatMap(({ countryCode }, i) => (countryCode === 'GB' ? [posterior[i]!] : []));
    expect(sum(british)).toBeCloseTo(1 / 50, 9);
    expect(Math.max(...british) - Math.min(...british)).toBeCloseTo(0, 12);
  });

  it('is sure of the city whose landmark is visible, in its country', () => {
    const cues = [
      { kind: 'landmark', value: landmarkName(CITIES[london]!.landmark) },
      { kind: 'flag', value: 'GB' },
    ] as const;
    expect(cityPosterior(cues)[london]).toBeGreaterThan(0.99);
  });

  it('spreads over the cities of the country that the cues show', () => {
    const posterior = cityPosterior([{ kind: 'flag', value: 'GB' }]);
    const cities = CITIES.filter(({ countryCode }) => countryCode === 'GB').length;
    expect(posterior[london]! * cities).toBeGreaterThan(0.9);
  });
});

describe('idealAnswer', () => {
  const world = drawnWorld({ scenes: 1500, seed: 3 });

  it('is right about as often as its own probabilities say', () => {
    const answers = world.scenes.map((scene) => {
      const { city, probability } = idealAnswer(scene.cues, { positions, radiusKm: 25 });
      const right = distanceKm(positions[CITIES.indexOf(city)]!, scene) <= 25;
      return { probability, right };
    });
    const share = answers.filter(({ right }) => right).length / answers.length;
    const claimed = sum(answers.map(({ probability }) => probability)) / answers.length;
    expect(Math.abs(share - claimed)).toBeLessThan(0.05);
    expect(share).toBeGreaterThan(0.3);
  });

  it('finds at least as many photos as guessing the true country and its first city', () => {
    const right = (choose: (scene: (typeof world.scenes)[number]) => number): number =>
      world.scenes.filter((scene) => distanceKm(positions[choose(scene)]!, scene) <= 25).length;
    const ideal = right(({ cues }) => CITIES.indexOf(idealAnswer(cues, { positions, radiusKm: 25 }).city));
    const first = right(({ countryCode }) => CITIES.findIndex((city) => city.countryCode === countryCode));
    expect(ideal).toBeGreaterThan(first);
  });
});
