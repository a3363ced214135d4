import { describe, expect, it } from 'vitest';
import { TINY_CITIES, tinyGazetteer } from '../../../test/support/tiny-gazetteer.ts';
import { compare } from '../compare.ts';
import { createOutcomeMeter } from '../outcome-meter.ts';
import type { MeasuredOutcome, Outcome } from '../outcome.ts';
import type { Reading } from '../score-file.ts';
import { BANDS, bandOf } from './bands.ts';
import { comparisonHtml } from './comparison-html.ts';
import { comparisonMarkdown, comparisonText } from './comparison.ts';
import { errorMap, MAX_POINTS } from './error-map.ts';
import { htmlReport } from './html.ts';
import { markdownReport } from './markdown.ts';
import { reportOf } from './report.ts';
import { table2Rows } from './table2.ts';
import { terminalReport } from './terminal.ts';
import { kilometres, withInterval } from './words.ts';

const gazetteer = tinyGazetteer();
const meter = createOutcomeMeter(gazetteer);
const [paris, helsinki] = TINY_CITIES;

const located: Outcome = { kind: 'located', coordinate: helsinki, granularity: 'city' };
const outcomes: MeasuredOutcome[] = [
  meter.measure({
    id: '<script>alert(1)</script>.jpg',
    truth: { coordinate: paris },
    outcome: located,
    confidence: 0.9,
    scene: 'urban',
  }),
  meter.measure({ id: 'b.jpg', truth: { coordinate: helsinki }, outcome: located, confidence: 0.4, scene: 'urban' }),
  meter.measure({
    id: 'c.jpg',
    truth: { coordinate: paris },
    outcome: { kind: 'refused', reason: 'a "reason" | of <b>' },
  }),
];
const reading: Reading = {
  file: 'predictions.csv',
  from: 'coordinates',
  prefer: 'place',
  swapped: false,
  columns: {},
  truthColumns: {},
  failures: 'as-given',
  missing: 'excluded',
  rows: 4,
  noTruth: 1,
  recordedFailures: 0,
  missingRows: 0,
  repeatedIds: 0,
  truePlaces: 'reverse geocoding',
};
const report = reportOf({ outcomes, reading }, { geocoder: gazetteer.provenance });
const rows = table2Rows([{ name: 'a | b', summary: report, protocol: 'x' }], 'im2gps3k');

describe('the report', () => {
  it('keeps hits exact and rounds percentages for print', () => {
    expect(report.accuracy['25']).toMatchObject({ percent: 33.33, hits: 1, n: 3 });
    expect(report).toMatchObject({ n: 3, answered: 2, refused: 1, noTruth: 1, geoScore: expect.any(Number) });
  });

  it('states the denominator', () => {
    expect(report.protocol.denominator).toBe("3 of the file's 4 rows; 1 without a true position left out");
  });

  it('counts unknown scenes as their own group', () => {
    expect(report.breakdown.scene?.map(({ group, n }) => [group, n])).toEqual([
      ['urban', 2],
      ['unknown', 1],
    ]);
  });
});

describe('table2Rows', () => {
  it("puts the paper's rows after ours and never mixes the two", () => {
    expect(rows.map(({ source }) => source)).toEqual(['measured', ...Array(17).fill('published')]);
    expect(rows.at(-1)).toMatchObject({
      method: 'GLOBE-7B',
      n: null,
      cells: [{ percent: 9.84 }, { percent: 40.18 }, {}, {}, {}],
    });
  });

  it('leaves out methods without a number, and has no rows for another benchmark', () => {
    expect(table2Rows([], 'mp16-reason-test')).toHaveLength(13);
    expect(table2Rows([], 'yfcc4k')).toEqual([]);
  });
});

describe('the forms of the report', () => {
  it('escape text from files in the page', () => {
    const html = htmlReport({ title: 'T & <i>', report, rows, outcomes });
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;.jpg');
    expect(html).toContain('<h1>T &amp; &lt;i&gt;</h1>');
  });

  it('keep Markdown tables intact', () => {
    const markdown = markdownReport(report, { title: 'T', rows });
    const table = markdown.split('\n').filter((line) => line.startsWith('|'));
    expect(table[2]).toMatch(/^\| \*Measured here/);
    expect(markdown).toContain(String.raw`a \| b`);
    expect(markdownReport(report, { title: '<img src=x>\n# b', rows })).toContain('# &lt;img src=x&gt; # b\n');
  });

  it('list counts, intervals and protocol in the terminal', () => {
    const text = terminalReport(report, rows);
    expect(text).toContain('3 rows: 2 answered, 1 refused, 0 unparseable, 0 not geocodable, 0 failed');
    expect(text).toMatch(/33\.33 \[6\.15, 79\.23\]/);
    expect(text).toContain('Denominator:');
  });

  it('show no difference between equal runs', () => {
    const runs = ['a', 'b'].map((name) => ({ name, outcomes }));
    const comparison = compare(runs[0]!, runs[1]!);
    for (const form of [
      comparisonText(comparison),
      comparisonMarkdown(comparison),
      comparisonHtml({ title: 'T', runs, comparisons: [comparison], rows }),
    ]) {
      expect(form).toContain('b minus a, 3 photos in both');
      expect(form).toContain('0.00 to 0.00');
    }
  });
});

describe('errorMap', () => {
  it('draws one point per photo', () => {
    const { svg, shown } = errorMap(outcomes);
    expect(shown).toBe(3);
    expect(svg.match(/<title>/g)).toHaveLength(3);
  });

  it('draws a sample if there are too many photos', () => {
    const many = Array.from({ length: MAX_POINTS + 1 }, () => outcomes[1]!);
    expect(errorMap(many).shown).toBe(MAX_POINTS);
  });
});

it('colours by the band of the error', () => {
  expect(outcomes.map((measured) => bandOf(measured).key)).toEqual(['4', '0', 'none']);
  expect(BANDS.map(({ label }) => label)[1]).toBe('1 to 25 km (city)');
});

it('formats numbers for people', () => {
  expect([null, 0.44, 9.96, 1234.5].map(kilometres)).toEqual(['none', '0.4 km', '10.0 km', '1,235 km']);
  expect(withInterval({ percent: 41.349, low: 39.6, high: 43.12 })).toBe('41.35 [39.60, 43.12]');
});
