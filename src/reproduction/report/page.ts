/**
 * The page of trainings: one HTML file that needs nothing else, readable from top to bottom by somebody new to it. Parts
 * without data are left out.
 */
import { htmlPage } from '../../evaluation/report/html-parts.ts';
import { escapeHtml } from '../../page/html-text.ts';
import { accuracySection } from './accuracy-section.ts';
import type { PageContent } from './content.ts';
import { examplesSection } from './examples-section.ts';
import { GLOSSARY } from './glossary.ts';
import { hallucinationSection } from './hallucination-section.ts';
import { learningSection } from './learning-section.ts';
import { rewardAccuracySection } from './reward-accuracy-section.ts';
import { riskSection } from './risk-section.ts';
import { stepSection } from './step-section.ts';
import { STYLE } from './style.ts';
import { tablesSection } from './tables-section.ts';

export function trainingPage(content: PageContent): string {
  const { title, summary, caution, headlines, arms, training } = content;
  const sections = [
    accuracySection(content.benchmarks, { arms, differences: content.differences }),
    examplesSection(content.examples, arms),
    learningSection(training, arms),
    rewardAccuracySection(training, arms),
    hallucinationSection(content.hallucinations, arms),
    riskSection(content.risk, arms),
    tablesSection(content.tables),
    stepSection(training),
    definitions('protocol', {
      title: 'How it was measured',
      items: content.protocol.map(({ label, text }) => [label, text]),
    }),
    definitions('words', { title: 'Words', items: GLOSSARY.map(({ word, meaning }) => [word, meaning]) }),
  ].filter((section) => section !== '');
  return htmlPage(
    title,
    `<p>${summary.map((sentence) => escapeHtml(sentence)).join(' ')}</p>
<div class="caution"><p><strong>${escapeHtml(caution)}</strong></p></div>
${tiles(headlines)}${contents(sections)}
<main>${sections.join('\n')}</main>`,
    { style: STYLE },
  );
}

function tiles(headlines: PageContent['headlines']): string {
  if (headlines.length === 0) return '';
  const items = headlines.map(
    ({ value, label }) =>
      `<li><strong>${escapeHtml(value)}</strong><span class="unit">${escapeHtml(label)}</span></li>`,
  );
  return `<ul class="tiles">${items.join('')}</ul>`;
}

/** Links to the sections, from their own headings. */
function contents(sections: readonly string[]): string {
  const links = sections.flatMap((section) => {
    const found = /^<section id="([^"]+)"><h2>(.*?)<\/h2>/.exec(section);
    return found === null ? [] : [`<li><a href="#${found[1]}">${found[2]}</a></li>`];
  });
  return `<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>`;
}

function definitions(
  id: string,
  { title, items }: { readonly title: string; readonly items: readonly (readonly [string, string])[] },
): string {
  if (items.length === 0) return '';
  const rows = items.map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`);
  return `<section id="${id}"><h2>${title}</h2><dl>${rows.join('')}</dl></section>`;
}
