/**
 * Tests the page of `globe dataset show` in a browser: its filters and keyboard shortcuts, and the file in which it
 * saves decisions.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { datasetPage } from '../../src/curation/dataset/page.ts';
import type { PageItem } from '../../src/curation/dataset/page-items.ts';
import { readDecisions } from '../../src/curation/dataset/review.ts';
import { picture } from '../support/photos.ts';

const CHROMIUM = process.env['GLOBE_CHROMIUM'] ?? '/usr/bin/chromium';
const available = existsSync(CHROMIUM);
if (!available) console.warn(`Skipped: no Chromium at ${CHROMIUM} (set GLOBE_CHROMIUM).`);

const item = (id: string, status: string, thumbnail: Uint8Array): PageItem => ({
  id,
  status,
  kept: status === 'train',
  thumbnail,
  place: 'Lima <Peru>',
  answers: [{ annotator: 'careful', text: 'A <b>balcony</b> & a church.', chosen: true }],
  gates: [{ gate: 'grounding', passed: status === 'train', reason: 'names 2 things' }],
  entities: ['church'],
  elements: ['church'],
  credit: 'ann, CC BY 2.0',
});

it.skipIf(!available)('keeps what a reviewer decides by mouse and by key', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'globe-page-'));
  const thumbnail = await picture();
  const items = [item('a', 'train', thumbnail), item('b', 'train', thumbnail), item('c"<', 'cross-model', thumbnail)];
  await writeFile(join(folder, 'page.html'), datasetPage({ title: 'A & B', items }));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!/^(?:file|data|blob):/.test(request.url())) problems.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, 'page.html')).href);
    expect(await page.locator('article mark').allTextContents()).toEqual(['church', 'church', 'church']);
    expect(await page.locator('article b', { hasText: 'balcony' }).count()).toBe(0);
    expect(await page.locator('#save').isDisabled()).toBe(true);

    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await page.click('[data-filter="cross-model"]');
    expect(await page.locator('article:visible').count()).toBe(1);
    await page.locator('article:visible [data-decide="reject"]').click();
    expect(await page.locator('#count').textContent()).toBe('1 accepted, 1 rejected');

    const download = page.waitForEvent('download');
    await page.click('#save');
    await (await download).saveAs(join(folder, 'decisions.json'));
    expect(await readDecisions(join(folder, 'decisions.json'))).toEqual([
      { id: 'a', decision: 'accept' },
      { id: 'c"<', decision: 'reject' },
    ]);
    expect(await readFile(join(folder, 'decisions.json'), 'utf8')).toMatch(/\n$/);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
});
