/**
 * Creates the page about trainings: one self-contained HTML file that newcomers can read from top to bottom. Parts
 * without data are left out.
 */
import { htmlPage } from '../../page/html-page.ts';
import { escapeHtml, htmlDefinitions, htmlTiles } from '../../page/html-text.ts';
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
  return htmlPage({
    title,
    style: STYLE,
    body: `<p>${summary.map((sentence) => escapeHtml(sentence)).join(' ')}</p>
<div class="caution"><p><strong>${escapeHtml(caution)}</strong></p></div>
${headlines.length === 0 ? '' : htmlTiles(headlines)}${contents(sections)}
<main>${sections.join('\n')}</main>`,
  });
}

/** Returns the table of contents, with a link to each section under the section's heading. */
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
  return `<section id="${id}"><h2>${title}</h2>${htmlDefinitions(items)}</section>`;
}
