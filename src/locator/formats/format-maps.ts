/** Formats located photos for map programs: KML 2.2 (Google Earth) and GPX 1.1 (hiking and photo programs). */
import { placeText } from '../../core/place-text.ts';
import type { PhotoResult } from '../photo-result.ts';

type Point = {
  readonly name: string;
  readonly image: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly description: string;
  readonly takenAt: string | undefined;
};

export type MapFileOptions = { readonly model: string };

export function formatKml(results: readonly PhotoResult[], options: MapFileOptions): string {
  const marks = pointsOf(results, options).map(
    ({ name, latitude, longitude, description }) =>
      `<Placemark><name>${xml(name)}</name><description>${xml(description)}</description><Point><coordinates>${longitude},${latitude}</coordinates></Point></Placemark>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Estimated locations of photos</name>
${marks.join('\n')}
</Document></kml>
`;
}

export function formatGpx(results: readonly PhotoResult[], options: MapFileOptions): string {
  const points = pointsOf(results, options).map(({ name, latitude, longitude, description, takenAt, image }) => {
    // GPX states times in UTC, so a camera's time without its offset is left out.
    const time =
      takenAt !== undefined && /[+-]\d\d:\d\d$/.test(takenAt) ? `<time>${new Date(takenAt).toISOString()}</time>` : '';
    return `<wpt lat="${latitude}" lon="${longitude}">${time}<name>${xml(name)}</name><desc>${xml(description)}</desc><src>${xml(image)}</src></wpt>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="GLOBE" xmlns="http://www.topografix.com/GPX/1/1">
${points.join('\n')}
</gpx>
`;
}

function pointsOf(results: readonly PhotoResult[], { model }: MapFileOptions): Point[] {
  return results.flatMap((result): Point[] => {
    if (result.kind !== 'located' || result.coordinate === undefined) return [];
    const { coordinate, image, place, radiusKm, granularity, positionFrom, exif, reasoning } = result;
    const source = positionFrom === 'exif' ? 'the photo’s own position' : `estimate by ${model}`;
    const facts = [
      image,
      `${granularity ?? 'position'}, ${source}${radiusKm === undefined || positionFrom === 'exif' ? '' : `, within about ${Math.round(radiusKm)} km`}`,
      reasoning,
    ];
    return [
      {
        name: placeText(place, { region: true }) || image,
        image,
        latitude: coordinate.latitudeDegrees,
        longitude: coordinate.longitudeDegrees,
        description: facts.filter((fact) => fact !== '').join('\n'),
        takenAt: exif?.takenAt,
      },
    ];
  });
}

/** Escapes a text for XML, and removes the characters that XML cannot contain. */
const xml = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
