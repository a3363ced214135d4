/**
 * The radius of a city in km, divided by the square root of its population. The value assumes about 5,700 people per
 * square kilometre.
 */
const KM_PER_ROOT = 0.0075;

/** Returns the radius in km of a city with this population: 23 for ten million people, 2.3 for a hundred thousand. */
export const reachKm = (population: number): number => KM_PER_ROOT * Math.sqrt(population);
