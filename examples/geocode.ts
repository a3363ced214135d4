/**
 * Converts places to coordinates and back, and checks whether two names mean the same place. Works offline: `node
 * geocode.ts "Lviv, Ukraine"`.
 */
import { distanceKm, openGazetteer } from 'globe-geolocation';

const gazetteer = openGazetteer();

const texts =
  process.argv.length > 2 ? process.argv.slice(2) : ['Helsinki, Finland', 'Soweto, Johannesburg', 'Atlantis'];
for (const text of texts) {
  const place = gazetteer.parsePlace(text);
  const result = place && gazetteer.geocode(place);
  if (result?.kind !== 'found') {
    console.log(`${text}: not found`);
    continue;
  }
  const { latitudeDegrees, longitudeDegrees } = result.coordinate;
  console.log(`${text}: ${latitudeDegrees.toFixed(4)}, ${longitudeDegrees.toFixed(4)} (${result.granularity})`);
}

// `match` is the matcher of rewards and evaluation. It accepts alternate names of a city and returns a reason.
const kyiv = { country: 'Ukraine', city: 'Kyiv' };
const match = gazetteer.match(kyiv, { country: 'Ukraine', city: 'Kiev' });
console.log(`Kyiv = Kiev: ${match.city} (${match.reason})`);

// `reverse` finds the nearest city within 100 km of a coordinate.
const [paris, london] = [
  { latitudeDegrees: 48.8584, longitudeDegrees: 2.2945 },
  { latitudeDegrees: 51.5007, longitudeDegrees: -0.1246 },
];
console.log(`The Eiffel Tower stands in ${gazetteer.reverse(paris)?.city ?? 'no known city'}.`);
console.log(`From there to Big Ben: ${distanceKm(paris, london).toFixed(0)} km.`);
