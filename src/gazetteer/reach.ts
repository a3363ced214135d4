/**
 * Radius in km of a city with one inhabitant; it grows with the square root (about 5,700 people per square kilometre).
 */
const KM_PER_ROOT = 0.0075;

/** How far a city of this population extends, in km: 23 for ten million people, 2.3 for a hundred thousand. */
export const reachKm = (population: number): number => KM_PER_ROOT * Math.sqrt(population);
