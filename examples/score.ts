/** Scores a file of model answers: `node score.ts [predictions.csv] [completion|text|coordinates]`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openGazetteer, parseAnswer, reportOf, scoreFile } from 'globe-geolocation';
import { htmlReport, SOURCES, table2Rows, terminalReport } from 'globe-geolocation/evaluation';

const [file = join(import.meta.dirname, 'predictions.csv'), what = 'completion'] = process.argv.slice(2);
const from = SOURCES.find((source) => source === what);
if (from === undefined) throw new Error(`Invalid source: ${what}. Use ${SOURCES.join(', ')}.`);

// Parses one answer in any format. The result is a place, a coordinate, a refusal, or a reason for the failure.
const answer = parseAnswer('<think>Trams, a white cathedral.</think><answer>country: Finland\ncity: Helsinki</answer>');
console.log(answer);

// Geocodes each row of a file, and compares the position with the truth. Rows without a position count as wrong.
const gazetteer = openGazetteer();
const scored = await scoreFile({ file, from, gazetteer });
const report = reportOf(scored, { geocoder: gazetteer.provenance });
const rows = table2Rows([{ name: 'my model', summary: report, protocol: report.protocol.from }]);
console.log(terminalReport(report, rows));

// Prints one figure, and writes an HTML page with a map of the errors.
const city = report.accuracy['25']!;
console.log(`Within 25 km: ${city.percent} % [${city.low}, ${city.high}] of ${city.n}`);
const page = htmlReport({ title: 'My model', report, rows, outcomes: scored.outcomes });
await writeFile('score.html', page);
console.log('Wrote score.html');
