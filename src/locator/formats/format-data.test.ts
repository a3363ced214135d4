import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { formatCsv, formatGeoJson, jsonParts } from './format-data.ts';
import { formatHtml } from './format-html.ts';
import { formatText } from './format-text.ts';
import type { PhotoResult } from '../photo-result.ts';

const located: PhotoResult = {
  image: '<b>"a", b.jpg',
  kind: 'located',
  positionFrom: 'model',
  place: { country: 'Japan', region: 'Shimane', city: 'Hamada' },
  coordinate: { latitudeDegrees: 34.88, longitudeDegrees: 132.08 },
  granularity: 'city',
  confidence: 0.75,
  agreement: { samples: 3, of: 4 },
  spreadKm: 12.34,
  exif: { coordinate: { latitudeDegrees: 34.9, longitudeDegrees: 132 }, takenAt: '2007-08-08T12:08:46' },
  exifDistanceKm: 7.6,
  reasoning: 'A "sign" in Japanese,\nand hills <script>alert(1)</script>.',
  samples: [],
};

const failed: PhotoResult = {
  image: 'cut.jpg',
  kind: 'failed',
  error: { code: 'invalid-input', message: 'cut.jpg is damaged.', hint: 'Copy it again.' },
};

const refused: PhotoResult = { image: 'dark.jpg', kind: 'refused', reasoning: '', reason: 'too dark', samples: [] };

describe('the formats', () => {
  it('write CSV that reads back, whatever the text holds', () => {
    const rows = parse<Record<string, string>>(formatCsv([located, failed, refused]), { columns: true });
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({
      image: located.image,
      city: 'Hamada',
      reasoning: located.reasoning,
      spread_km: '12.34',
    });
    expect(rows[1]).toMatchObject({ kind: 'failed', latitude: '', reason: 'cut.jpg is damaged.' });
  });

  it('write GeoJSON with longitude first and null where nothing is known', () => {
    const { type, features } = JSON.parse(formatGeoJson([located, refused]));
    expect(type).toBe('FeatureCollection');
    expect(features[0]).toMatchObject({
      geometry: { type: 'Point', coordinates: [132.08, 34.88] },
      properties: { name: 'Hamada, Shimane, Japan', kind: 'located', confidence: 0.75 },
    });
    expect(features[1].geometry).toBeNull();
  });

  it('say how many samples agree, without a spread if all do', () => {
    const equal = { ...located, spreadKm: 0, agreement: { samples: 5, of: 5 } };
    expect(formatText(equal)).toContain('· 5 of 5 samples agree\n');
    expect(formatText({ ...equal, probability: { city: 0.4 }, confidence: 0.4 })).toContain('· 40 % likely right\n');
  });

  it('write text for people', () => {
    expect([located, failed, refused].map(formatText).join('\n')).toMatchInlineSnapshot(`
      "<b>"a", b.jpg
        Hamada, Shimane, Japan
        34.8800, 132.0800 · 3 of 4 samples agree · spread 12 km
        EXIF: taken 2007-08-08T12:08:46, at 34.9000, 132.0000, 7.6 km from the model’s answer
        A "sign" in Japanese, and hills <script>alert(1)</script>.
      cut.jpg
        failed: cut.jpg is damaged.
        Copy it again.
      dark.jpg
        not located: too dark"
    `);
  });

  const alternatives = [
    {
      place: { country: 'Japan', city: 'Izumo' },
      coordinate: { latitudeDegrees: 35.37, longitudeDegrees: 132.75 },
      granularity: 'city',
      probability: 0.25,
    },
    { coordinate: { latitudeDegrees: -12.05, longitudeDegrees: -77.04 }, granularity: 'coordinate' },
  ] as const;

  it('write the alternatives with their shares', () => {
    const line = 'Alternatives: Izumo, Japan (25 %); -12.0500, -77.0400';
    expect(formatText({ ...located, alternatives })).toContain(line);
    const page = formatHtml([{ result: { ...located, alternatives } }], { about: '' });
    expect(page).toContain(line);
    expect(page.match(/<circle class="alternative"/g)).toHaveLength(2);
    expect(page).toContain('1. or Izumo, Japan (25 %)');
    const [feature] = JSON.parse(formatGeoJson([{ ...located, alternatives }])).features;
    expect(feature.properties.alternatives).toEqual(alternatives);
    expect(formatText(located)).not.toContain('Alternatives');
  });

  it('write the alternatives of the model beside the EXIF position', () => {
    const result: PhotoResult = { ...located, positionFrom: 'exif', model: { kind: 'located', alternatives } };
    expect(formatText(result)).toContain('Alternatives: Izumo, Japan (25 %)');
    expect(formatHtml([{ result }], { about: '' })).toContain('<circle class="alternative"');
  });

  it('write no control character of a model to the terminal', () => {
    const text = formatText({ ...located, reasoning: 'red \u001B[31m\u0007 sign' });
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('write HTML in which the text of files and models stays text', () => {
    const page = formatHtml([{ result: located }, { result: failed }], { about: 'Answers by <model>.' });
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<b>');
    expect(page).toContain('Answers by &lt;model&gt;.');
    expect(page).toContain('<circle class="ring"');
  });
});

it.each<[readonly unknown[], object]>([
  [[], {}],
  [[{ a: 'x\ny' }, { b: [] }], {}],
  [[{ a: 1 }], { usage: { tokens: 2 }, cost: null }],
])('writes a long list in parts as JSON.stringify does: %j %j', (items, tail) => {
  const parts = [...jsonParts({ protocol: { model: 'm' } }, { key: 'list', items, valueOf: (item) => item }, tail)];
  expect(parts.join('')).toBe(`${JSON.stringify({ protocol: { model: 'm' }, list: items, ...tail }, null, 2)}\n`);
});
