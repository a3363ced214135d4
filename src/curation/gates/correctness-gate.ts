/**
 * Gate 2 of the paper: drops photos whose annotations disagree with the true place. An annotator with a wrong answer is
 * no longer a candidate. The photo is dropped if no annotator is right, or if the GPS annotator's position is too far
 * away. That one right annotator is enough is our choice; the next gate checks whether the annotators agree.
 */
import { distanceKm } from '../../core/distance.ts';
import { placeText } from '../../core/place-text.ts';
import { annotationOf, observed, verdict } from './gate.ts';
import type { Gate, GateResult, Subject } from './gate.ts';
import { placesAgree } from './place-agreement.ts';

export const correctnessGate: Gate = {
  name: 'correctness',
  questions: () => [],
  decide: (subject, candidates) => {
    const { recipe, photo, truth, gazetteer } = subject;
    const { level, maxDistanceKm } = recipe.gates.correctness;
    const answers = candidates.map((name) => {
      const { place } = annotationOf(subject, name);
      const agreement = placesAgree(
        { place: place! },
        { place: truth, coordinate: photo.coordinate },
        { gazetteer, level, maxDistanceKm },
      );
      return { name, place: place!, ...agreement };
    });
    const right = answers.filter(({ agrees }) => agrees);
    const nearestKm = Math.min(...answers.map(({ distanceKm = Infinity }) => distanceKm));
    const score = Number.isFinite(nearestKm) ? { score: nearestKm } : {};
    if (right.length === 0) {
      const places = answers.map(({ name, place }) => `${name} says ${placeText(place)}`).join(', ');
      const reason = `${places}; the true place is ${placeText(truth)}`;
      const inCountry = answers.some(({ place }) => gazetteer.match(place, truth).country);
      const cause = inCountry ? 'right country, wrong city' : 'wrong country';
      return verdict('correctness', { passed: false, cause, reason, candidates: [], ...score });
    }
    const farOff = gpsFarOff(subject);
    if (farOff !== undefined) return farOff;
    return verdict('correctness', {
      passed: true,
      reason: `${right.map(({ name }) => name).join(' and ')} ${right.length === 1 ? 'places' : 'place'} it in ${placeText(truth)}`,
      candidates: right.map(({ name }) => name),
      ...score,
    });
  },
};

/**
 * Returns the gate's result if the GPS annotator's position is too far from the photo's position, otherwise undefined.
 */
export function gpsFarOff({ recipe, photo, observations }: Subject): GateResult | undefined {
  const { maxGpsDistanceKm } = recipe.gates.correctness;
  if (recipe.mode !== 'full' || recipe.gps === null || maxGpsDistanceKm === null) return undefined;
  const position = observed(observations, { kind: 'position' }, 'position');
  const km = position === undefined ? Infinity : distanceKm(position.coordinate, photo.coordinate);
  if (km <= maxGpsDistanceKm) return undefined;
  const reason = `${recipe.gps.model} puts the photo ${km.toFixed(0)} km away from its position, more than ${maxGpsDistanceKm} km`;
  return verdict('correctness', {
    passed: false,
    cause: 'the GPS annotator is far off',
    reason,
    candidates: [],
    score: km,
  });
}
