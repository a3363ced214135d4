/** Renders the report and its outcomes as one self-contained HTML page, without scripts, fonts or network requests. */
import { placeText } from '../../core/place-text.ts';
import { distancesOf } from '../metrics.ts';
import type { MeasuredOutcome } from '../outcome.ts';
import { BANDS, bandOf } from './bands.ts';
import { reliabilityChart } from './charts.ts';
import { errorMap } from './error-map.ts';
import { accuracyTable, curveFigure } from './html-parts.ts';
import { STYLE } from './style.ts';
import { htmlPage } from '../../page/html-page.ts';
import { escapeHtml, htmlDefinitions, htmlRow, htmlTable, htmlTiles } from '../../page/html-text.ts';
import type { GroupSummary, Report } from './report.ts';
import type { TableRow } from './table2.ts';
import {
  countsOf,
  GROUPINGS,
  kilometres,
  largest,
  percent,
  protocolLines,
  shortPercent,
  THRESHOLD_HEADS,
  whole,
} from './words.ts';

export type HtmlContent = {
  readonly title: string;
  readonly report: Report;
  readonly rows: readonly TableRow[];
  readonly outcomes: readonly MeasuredOutcome[];
  /** A warning at the top of the page, if readers need one. */
  readonly caution?: string;
};

const WORST = 6;

export function htmlReport(content: HtmlContent): string {
  const { title, report, rows, outcomes, caution } = content;
  const worst = worstOf(outcomes);
  const name = rows.find(({ source }) => source === 'measured')?.method ?? 'measured';
  return htmlPage({
    title,
    style: STYLE,
    body: `<p class="quiet">${whole(report.n)} photos. Great-circle distance between the predicted and the true position.</p>
${caution === undefined ? '' : `<p><strong>${escapeHtml(caution)}</strong></p>`}
${tiles(report)}
<h2>Accuracy</h2>
${accuracyTable(rows)}
<h2>Share of photos placed within a distance</h2>
${curveFigure([{ name, distancesKm: distancesOf(outcomes), n: report.n }], rows)}
<h2>Where the errors are</h2>
${mapFigure(outcomes, worst)}
${worstTable(worst)}
${groups(report)}
${calibration(report)}
<h2>Protocol</h2>
${htmlDefinitions(protocolLines(report).map(({ label, text }) => [label, text]))}`,
  });
}

function tiles(report: Report): string {
  const city = report.accuracy['25']!;
  const items = [
    {
      value: `${shortPercent(city)} %`,
      label: `within 25 km (95 %: ${city.low.toFixed(2)} to ${city.high.toFixed(2)})`,
    },
    { value: kilometres(report.medianKm), label: 'median error of answered photos' },
    { value: report.geoScore.toFixed(0), label: 'GeoScore, of 5000' },
    ...(report.countryMatch === null
      ? []
      : [{ value: `${shortPercent(report.countryMatch)} %`, label: 'country right' }]),
    ...(report.cityMatch === null ? [] : [{ value: `${shortPercent(report.cityMatch)} %`, label: 'city right' }]),
  ];
  const counts = countsOf(report).filter(({ n }) => n > 0);
  return `${htmlTiles(items)}
<p class="quiet">${counts.map(({ label, n }) => `${whole(n)} ${label}`).join(' · ')}</p>`;
}

type Worst = { readonly number: number; readonly measured: MeasuredOutcome };

function worstOf(outcomes: readonly MeasuredOutcome[]): Worst[] {
  return outcomes
    .filter(({ distanceKm }) => distanceKm !== undefined)
    .sort((a, b) => b.distanceKm! - a.distanceKm!)
    .slice(0, WORST)
    .map((measured, index) => ({ number: index + 1, measured }));
}

function mapFigure(outcomes: readonly MeasuredOutcome[], worst: readonly Worst[]): string {
  const links = worst.flatMap(({ number, measured: { truth, outcome } }) =>
    outcome.kind === 'located' ? [{ number, from: truth.coordinate, to: outcome.coordinate }] : [],
  );
  const { svg, shown } = errorMap(outcomes, links);
  const keys = BANDS.map(({ key, label }) => ({
    key,
    label,
    n: outcomes.filter((measured) => bandOf(measured).key === key).length,
  })).filter(({ n }) => n > 0);
  const items = keys.map(
    ({ key, label, n }) =>
      `<li><svg class="swatch" viewBox="0 0 24 12" aria-hidden="true"><circle class="band-${key}" cx="12" cy="6" r="5"/></svg>${label}: ${whole(n)}</li>`,
  );
  const sample =
    shown < outcomes.length ? ` A random ${whole(shown)} of ${whole(outcomes.length)} photos are drawn.` : '';
  return `<figure>${svg}<ul class="legend">${items.join('')}</ul><figcaption>Each photo at its true position. Numbered lines lead from the true position of the ${worst.length} worst errors to the predicted one.${sample}</figcaption></figure>`;
}

function worstTable(worst: readonly Worst[]): string {
  if (worst.length === 0) return '';
  const rows = worst.map(({ number, measured: { id, distanceKm, outcome, truth, countryCode } }) => {
    const place = outcome.kind === 'located' ? outcome.place : undefined;
    const predicted =
      place === undefined
        ? coordinateWords(outcome.kind === 'located' ? outcome.coordinate : truth.coordinate)
        : placeText(place);
    const right =
      truth.place === undefined
        ? `${coordinateWords(truth.coordinate)}${countryCode === undefined ? '' : ` (${countryCode})`}`
        : placeText(truth.place);
    return htmlRow([`${number}. ${escapeHtml(id)}`, escapeHtml(predicted), escapeHtml(right), kilometres(distanceKm!)]);
  });
  return htmlTable(['worst errors', 'predicted', 'true', 'error'], rows);
}

function coordinateWords({ latitudeDegrees, longitudeDegrees }: MeasuredOutcome['truth']['coordinate']): string {
  return `${Math.abs(latitudeDegrees).toFixed(2)}° ${latitudeDegrees < 0 ? 'S' : 'N'}, ${Math.abs(longitudeDegrees).toFixed(2)}° ${longitudeDegrees < 0 ? 'W' : 'E'}`;
}

function groups(report: Report): string {
  return GROUPINGS.map(({ key, title, most }) => {
    const members = report.breakdown[key] ?? [];
    if (members.length === 0) return '';
    const { shown, more } = largest(members, most);
    const head = [key, 'photos', ...THRESHOLD_HEADS.map(({ km }) => km), 'median', 'country right'];
    return `<h2>${title}</h2>${htmlTable(head, shown.map(groupRow))}${more > 0 ? `<p class="quiet">and ${whole(more)} more, in the JSON report</p>` : ''}`;
  }).join('');
}

function groupRow({ group, n, accuracy, medianKm, countryMatch }: GroupSummary): string {
  return htmlRow([
    escapeHtml(group),
    whole(n),
    ...Object.values(accuracy).map((share) => shortPercent(share)),
    kilometres(medianKm),
    countryMatch === null ? '' : shortPercent(countryMatch),
  ]);
}

function calibration({ calibration: found }: Report): string {
  if (found === null) return '';
  const head = ['answered share, most confident first', 'photos', `% within ${found.thresholdKm} km`];
  const rows = found.coverage.map(({ coverage, n, accuracy }) =>
    htmlRow([`${Math.round(100 * coverage)} %`, whole(n), percent(accuracy)]),
  );
  return `<h2>Calibration of the confidence</h2><p>Expected calibration error ${percent(found.expectedCalibrationError)} points over ${whole(found.n)} photos with a confidence.</p>
<figure>${reliabilityChart(found)}<figcaption>Each dot is a tenth of the confidence scale; its area grows with the number of photos. On the dashed line, confidence equals accuracy.</figcaption></figure>${htmlTable(head, rows)}`;
}
