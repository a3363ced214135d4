/** Writes the section with held-out photos and the models' answers before and after training. */
import { escapeHtml } from '../../page/html-text.ts';
import { THRESHOLDS_KM } from '../../evaluation/thresholds.ts';
import { kilometres } from '../../evaluation/report/words.ts';
import type { Example, ExampleAnswer } from './content.ts';
import { armColour } from '../../page/plot.ts';

export function examplesSection(examples: readonly Example[], arms: readonly string[]): string {
  if (examples.length === 0) return '';
  return `<section id="examples"><h2>Answers before and after training</h2>
<p>Held-out photos of different cities, chosen at random and not for their answers. The colour of the dot shows the distance between answer and truth. The words under a reasoning are things that it names but the photo does not show.</p>
<div class="examples">${examples.map((example) => card(example, arms)).join('')}</div></section>`;
}

function card({ id, image, truth, answers }: Example, arms: readonly string[]): string {
  const source = `data:${image.mediaType};base64,${Buffer.from(image.bytes).toString('base64')}`;
  return `<article class="example"><div class="photo"><img src="${source}" alt="A drawn scene; its place is ${escapeHtml(truth)}" width="176" height="176"><p><strong>${escapeHtml(truth)}</strong><br><span class="unit">truth · ${escapeHtml(id)}</span></p></div>
<div class="answers">${answers.map((answer) => answerBox(answer, arms)).join('')}</div></article>`;
}

function answerBox(
  { arm, reasoning, place, distanceKm, hallucinated }: ExampleAnswer,
  arms: readonly string[],
): string {
  const distance = distanceKm === undefined ? 'no position' : `${kilometres(distanceKm)} away`;
  const wrong =
    hallucinated.length === 0 ? '' : `<p class="wrong">not in the photo: ${escapeHtml(hallucinated.join(', '))}</p>`;
  return `<div class="answer" style="border-color:${armColour(arm, arms)}"><h4>${escapeHtml(arm)}</h4>
<p>${escapeHtml(reasoning)}</p>${wrong}
<p class="verdict"><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><circle class="band-${band(distanceKm)}" cx="6" cy="6" r="5"/></svg> <strong>${escapeHtml(place)}</strong> <span class="unit">${distance}</span></p></div>`;
}

/** Returns the name of the colour for a distance. The map of errors uses the same colours. */
function band(distanceKm: number | undefined): string {
  if (distanceKm === undefined) return 'none';
  const index = THRESHOLDS_KM.findIndex((km) => distanceKm <= km);
  return String(index === -1 ? THRESHOLDS_KM.length : index);
}
