import { describe, expect, it } from 'vitest';
import { xmpPosition } from '../../image/xmp-position.ts';
import type { PhotoResult } from '../photo-result.ts';
import { sidecarOf } from './xmp-sidecar.ts';

const result = {
  image: 'a.jpg',
  kind: 'located',
  positionFrom: 'model',
  place: { country: 'Brasil & more', countryCode: 'BR', region: 'Bahia', city: 'São "Félix"' },
  coordinate: { latitudeDegrees: -12.604999, longitudeDegrees: -38.97 },
  granularity: 'city',
  radiusKm: 25,
  reasoning: '',
  samples: [],
} as const satisfies PhotoResult;

const options = { model: 'm', date: '2026-01-02', overwrite: false, hasOwnPosition: false };

/** A sidecar of a photo editor, with the attribute and element forms of properties. */
const editors = (properties: string, elements = ''): string => `<?xml version="1.0"?>
<!-- kept -->
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:e="http://ns.adobe.com/exif/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmp:Rating="4"${properties}>${elements}</rdf:Description>
</rdf:RDF></x:xmpmeta>`;

const text = (existing: string | undefined, more: Partial<typeof options> = {}): string => {
  const sidecar = sidecarOf(existing, result, { ...options, ...more });
  return sidecar.kind === 'unchanged' ? `unchanged: ${sidecar.reason}` : sidecar.text;
};

describe('a sidecar', () => {
  it('states position, radius, place and that it is an estimate', () => {
    const created = text(undefined);
    for (const property of [
      'exif:GPSLatitude="12,36.299940S"',
      'exif:GPSLongitude="38,58.200000W"',
      'exif:GPSHPositioningError="25000/1"',
      'exif:GPSProcessingMethod="GLOBE estimate by m, 2026-01-02"',
      'photoshop:City="São &quot;Félix&quot;"',
      'photoshop:Country="Brasil &amp; more"',
      'Iptc4xmpCore:CountryCode="BR"',
    ]) {
      expect(created).toContain(property);
    }
  });

  it('does not pass for the photo’s own position later', () => {
    expect(xmpPosition(text(undefined), 'XMP')).toEqual({});
    expect(xmpPosition(text(undefined).replace('GLOBE estimate', 'GPS'), 'XMP').coordinate).toBeDefined();
  });

  it('keeps everything else in an existing file', () => {
    const merged = text(editors('', '<xmp:Label>red</xmp:Label>'));
    expect(merged).toContain('<!-- kept -->');
    expect(merged).toContain('xmp:Rating="4"');
    expect(merged).toContain('<xmp:Label>red</xmp:Label>');
    // The file binds another prefix to the namespace.
    expect(merged).toContain('e:GPSLatitude="12,36.299940S"');
  });

  it.each([
    ['attributes', editors(' e:GPSLatitude="1,2N" e:GPSLongitude="3,4E" photoshop:City="Here"')],
    [
      'elements',
      editors(
        '',
        '<e:GPSLatitude>1,2N</e:GPSLatitude><e:GPSLongitude>3,4E</e:GPSLongitude><photoshop:City>Here</photoshop:City>',
      ),
    ],
  ])('replaces a position and a city in %s only on request', (_, existing) => {
    const careful = text(existing);
    expect(careful).toContain('1,2N');
    expect(careful).toContain('Here');
    expect(careful).not.toContain('GPSProcessingMethod');
    expect(careful).toContain('photoshop:State="Bahia"');
    const replaced = text(existing, { overwrite: true });
    expect(replaced).not.toMatch(/1,2N|Here/);
    expect(replaced.match(/GPSLatitude=/g)).toHaveLength(1);
    expect(replaced).toContain('12,36.299940S');
  });

  it('is written once, and updated if the estimate was ours', () => {
    const first = text(undefined);
    expect(text(first)).toBe('unchanged: it has these values already');
    expect(text(first.replace('12,36', '13,36'))).toContain('12,36.299940S');
  });

  it('updates the names that it wrote, and leaves those of others although the position is ours', () => {
    const first = text(editors(' photoshop:City="Here"'));
    expect(first).toContain('photoshop:City="Here"');
    const lyon = { ...result, place: { country: 'France', countryCode: 'FR', region: 'Rhône', city: 'Lyon' } };
    const second = sidecarOf(first, lyon, options);
    expect(second).toMatchObject({ text: expect.stringContaining('photoshop:State="Rhône"') });
    expect(second).toMatchObject({ text: expect.stringContaining('photoshop:City="Here"') });
    const edited = sidecarOf(text(undefined).replace('State="Bahia"', 'State="Mine"'), lyon, options);
    expect(edited).toMatchObject({ text: expect.stringContaining('photoshop:State="Mine"') });
    expect(edited).toMatchObject({ text: expect.stringContaining('photoshop:City="Lyon"') });
  });

  it('loses the estimated position and city if the answer is only a country now', () => {
    const country = { ...result, granularity: 'country', place: { country: 'Chile', countryCode: 'CL' } } as const;
    const sidecar = sidecarOf(text(editors(' xmp:Label="red"')), country, options);
    expect(sidecar).toMatchObject({ kind: 'merged', values: expect.arrayContaining(['exif:GPSLatitude removed']) });
    expect(sidecar).toMatchObject({ text: expect.not.stringMatching(/GPS|City|State/) });
    expect(sidecar).toMatchObject({ text: expect.stringMatching(/Label="red"[\s\S]*Country="Chile"/) });
  });

  it('keeps the altitude of a position that it does not replace', () => {
    const existing = editors(' e:GPSLatitude="1,2N" e:GPSLongitude="3,4E" e:GPSAltitude="10/1"');
    const country = { ...result, granularity: 'country' } as const;
    const sidecar = sidecarOf(existing, country, { ...options, overwrite: true });
    expect(sidecar).toMatchObject({ text: expect.stringMatching(/1,2N.*GPSAltitude="10\/1"/) });
    expect(text(existing, { overwrite: true })).not.toContain('GPSAltitude');
  });

  it('has no position for a region, and none beside the photo’s own', () => {
    const region = sidecarOf(undefined, { ...result, granularity: 'region' }, options);
    expect(region).toMatchObject({ kind: 'created', text: expect.not.stringContaining('GPSLatitude') });
    expect(text(undefined, { hasOwnPosition: true })).not.toContain('GPSLatitude');
    const own = sidecarOf(undefined, { ...result, positionFrom: 'exif' }, options);
    expect(own).toEqual({ kind: 'unchanged', reason: 'the location is the photo’s own' });
  });

  it.each([['not xml'], ['<a/>'], ['<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>'], ['']])(
    'refuses %j',
    (existing) => {
      expect(() => text(existing)).toThrow('The sidecar is not XMP');
    },
  );
});
