/**
 * Scores prediction files by coordinates, by text and by completions, if the file contains them. `node
 * scripts/measure/score-known.ts OUT FILE…` writes OUT.json (with the manifest) and OUT.md. The prediction files are
 * not part of the project.
 */
import { placeText } from '../../src/core/place-text.ts';
import { basename } from 'node:path';
import { guessColumns } from '../../src/evaluation/columns.ts';
import type { MeasuredOutcome } from '../../src/evaluation/outcome.ts';
import { reportOf } from '../../src/evaluation/report/report.ts';
import { scoreFile } from '../../src/evaluation/score-file.ts';
import type { ScoreOptions } from '../../src/evaluation/score-file.ts';
import { THRESHOLDS_KM } from '../../src/evaluation/thresholds.ts';
import { openGazetteer } from '../../src/gazetteer/open.ts';
import { writeFileAtomic } from '../../src/storage/atomic-file.ts';
import { provenance } from '../../src/storage/provenance.ts';
import { openTable } from '../../src/storage/table.ts';

const [out, ...files] = process.argv.slice(2);
if (out === undefined || files.length === 0) {
  process.stderr.write('Usage: node scripts/measure/score-known.ts OUT FILE…\n');
  process.exit(2);
}

/** Counts how often each text occurs that the gazetteer cannot place. The most frequent text comes first. */
function notFound(outcomes: readonly MeasuredOutcome[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { outcome } of outcomes) {
    if (outcome.kind !== 'notGeocodable') continue;
    const { place } = outcome;
    const text = place === undefined ? outcome.reason : placeText(place);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])));
}

const gazetteer = openGazetteer();
const results = [];
for (const file of files) {
  const { headers } = await openTable(file);
  const columns = guessColumns({ headers });
  const ways: Omit<ScoreOptions, 'file' | 'gazetteer'>[] = [
    { from: 'coordinates' },
    ...(columns.success === undefined ? [] : [{ from: 'coordinates' as const, failures: 'as-misses' as const }]),
    { from: 'text' },
    ...(columns.completion === undefined ? [] : [{ from: 'completion' as const }]),
  ];
  for (const way of ways) {
    const scored = await scoreFile({ file, gazetteer, ...way });
    const { breakdown: _, reasons, calibration: __, ...report } = reportOf(scored, { geocoder: gazetteer.provenance });
    const { columns: ___, ...protocol } = report.protocol;
    results.push({
      ...way,
      ...report,
      protocol: { ...protocol, file: basename(file) },
      reasons: reasons.slice(0, 10),
      ...(way.from === 'coordinates' ? {} : { notFound: notFound(scored.outcomes) }),
    });
  }
}

const head = [
  'file',
  'from',
  ...THRESHOLDS_KM.map((km) => `${km} km`),
  'median km',
  'GeoScore',
  'n',
  'answered',
  'refused',
  'unparseable',
  'not geocodable',
  'failed',
];
const rows = results.map(
  ({
    protocol,
    from,
    failures,
    accuracy,
    medianKm,
    geoScore,
    n,
    answered,
    refused,
    unparseable,
    notGeocodable,
    failed,
  }) => [
    protocol.file,
    `${from}${failures === undefined ? '' : `, failures ${failures}`}`,
    ...THRESHOLDS_KM.map((km) => {
      const { percent, low, high } = accuracy[String(km)]!;
      return `${percent.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
    }),
    ...[medianKm?.toFixed(0) ?? '', geoScore.toFixed(0), n, answered, refused, unparseable, notGeocodable, failed].map(
      String,
    ),
  ],
);
const lines = [head, head.map((_, index) => (index < 2 ? '---' : '---:')), ...rows].map(
  (cells) => `| ${cells.join(' | ')} |`,
);
const note = `Percent of rows within the distance, with 95 % Wilson intervals. Geocoder: ${gazetteer.provenance.provider} ${gazetteer.provenance.version}. Predictions of real models, made by others.`;
await writeFileAtomic(`${out}.md`, `# Real models' predictions, scored\n\n${note}\n\n${lines.join('\n')}\n`);
await writeFileAtomic(
  `${out}.json`,
  `${JSON.stringify({ manifest: { ...provenance(), geocoder: gazetteer.provenance }, results }, null, 2)}\n`,
);
