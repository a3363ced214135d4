import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { formatCsv, formatGeoJson } from './format-data.ts';
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

  it('write text for people', () => {
    expect([located, failed, refused].map(formatText).join('\n')).toMatchInlineSnapshot(`
      "<b>"a", b.jpg
        Hamada, Shimane, Japan
        34.8800, 132.0800 · 75 % of samples agree · spread 12 km
        EXIF: taken 2007-08-08T12:08:46, at 34.9000, 132.0000, 7.6 km from the model’s answer
        A "sign" in Japanese, and hills <script>alert(1)</script>.
      cut.jpg
        failed: cut.jpg is damaged.
        Copy it again.
      dark.jpg
        not located: too dark"
    `);
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
