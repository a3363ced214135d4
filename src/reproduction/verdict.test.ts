import { describe, expect, it } from 'vitest';
import { pageContent } from '../../test/support/page-content.ts';
import { trainingPage } from './report/page.ts';
import { verdictOf } from './verdict.ts';

/** Returns the page's cell at city level. The difference is an improvement whose interval excludes 0. */
function pageCell(pAdjusted: number): string {
  const content = pageContent();
  const [difference] = content.differences;
  const thresholds = difference!.thresholds.map((one) => ({
    ...one,
    differencePoints: 4.1,
    low: 0.2,
    high: 8,
    pAdjusted,
  }));
  const page = trainingPage({ ...content, differences: [{ ...difference!, thresholds }] });
  return /<strong class="\w*">\+4\.1.*?<\/span>/u.exec(page)![0];
}

describe('the verdict on a difference', () => {
  it('needs p below 0.05 after correction', () => {
    expect(verdictOf({ difference: 0.04, pAdjusted: 0.046 })).toBe('gain');
    expect(verdictOf({ difference: 0.04, pAdjusted: 0.05 })).toBe('not shown');
    expect(verdictOf({ difference: 0.04, pAdjusted: 0.054 })).toBe('not shown');
    expect(verdictOf({ difference: -0.04, pAdjusted: 0.046 })).toBe('loss');
    expect(verdictOf({ difference: -0.04, pAdjusted: 0.054 })).toBe('not shown');
    expect(verdictOf({ difference: 0, pAdjusted: 0 })).toBe('not shown');
  });

  it('is reversed when less is better', () => {
    expect(verdictOf({ difference: -0.3, pAdjusted: 0.046 }, { lessIsBetter: true })).toBe('gain');
    expect(verdictOf({ difference: 0.3, pAdjusted: 0.046 }, { lessIsBetter: true })).toBe('loss');
  });

  it('colours the page, which says "not shown" otherwise', () => {
    expect(pageCell(0.046)).toBe(
      '<strong class="gain">+4.1</strong> <span class="unit">+0.2 to +8.0<br>p = 0.046</span>',
    );
    expect(pageCell(0.054)).toBe(
      '<strong class="">+4.1</strong> <span class="unit">+0.2 to +8.0<br>p = 0.054<br>not shown</span>',
    );
  });
});
