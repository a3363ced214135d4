import { describe, expect, it } from 'vitest';
import { pageContent } from '../../../test/support/page-content.ts';
import { trainingPage } from './page.ts';

const page = trainingPage(pageContent());

describe('the page of trainings', () => {
  it('needs no script and no network', () => {
    expect(page).not.toMatch(/<script|<link|@import|url\(/u);
    expect(page.match(/(?:src|href)="[^"]*"/gu)?.filter((one) => !/="(?:#|data:)/u.test(one))).toEqual([]);
  });

  it('shows the caution about the generated world above all sections', () => {
    const caution = page.indexOf(pageContent().caution);
    expect(caution).toBeGreaterThan(0);
    expect(caution).toBeLessThan(page.indexOf('<section'));
  });

  it('has every section, with a link in the contents', () => {
    const sections = [...page.matchAll(/<section id="([^"]+)"/gu)].map(([, id]) => id);
    expect(sections).toEqual([
      'accuracy',
      'examples',
      'learning',
      'reward-accuracy',
      'hallucinations',
      'risk-coverage',
      'tables',
      'step',
      'protocol',
      'words',
    ]);
    for (const id of sections) expect(page).toContain(`<a href="#${id}">`);
  });

  it('describes every plot in words', () => {
    const plots = page.match(/<svg[^>]*role="img"[^>]*>/gu)!;
    expect(plots.length).toBeGreaterThan(8);
    for (const plot of plots) expect(plot).toMatch(/aria-label="[^"]{20,}"/u);
    expect(page).toContain('Localizable photos, Within 25 km (city): base 33.3 %, SFT 37.5 %, GRPO 41.7 %.');
  });

  it('writes every accuracy with its interval and its denominator', () => {
    expect(page).toContain('41.7 <span class="unit">37.8 to 45.7</span>');
    expect(page).toContain('GRPO minus base <span class="unit">same 600 photos</span>');
  });

  it("keeps the paper's numbers in separate tables", () => {
    const [measured, published] = page.split('Published by the paper, on real photos');
    expect(published).toContain('<tr class="published"><th scope="row">GLOBE</th>');
    expect(measured).not.toContain('class="published"');
  });

  it('escapes texts of models and files', () => {
    expect(page).toContain('a&lt;b.png');
    expect(page).toContain('a blue band &amp; the sign says &quot;ulice&quot;');
  });

  it('omits parts without data, and is the same for the same data', () => {
    const bare = { ...pageContent(), training: [], risk: [], hallucinations: [], tables: [], examples: [] };
    expect([...trainingPage(bare).matchAll(/<section id="([^"]+)"/gu)].map(([, id]) => id)).toEqual([
      'accuracy',
      'protocol',
      'words',
    ]);
    expect(trainingPage(pageContent())).toBe(page);
  });
});
