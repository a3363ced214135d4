/** Writes the report into a run's folder: JSON for programs, Markdown for pasting, and an HTML page for reading. */
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { htmlReport } from './html.ts';
import type { HtmlContent } from './html.ts';
import { markdownReport } from './markdown.ts';

export const REPORT_FILES = { json: 'report.json', markdown: 'report.md', html: 'report.html' } as const;

export async function writeReport(file: (name: string) => string, content: HtmlContent): Promise<void> {
  await writeFileAtomic(file(REPORT_FILES.json), `${JSON.stringify(content.report, null, 2)}\n`);
  await writeFileAtomic(file(REPORT_FILES.markdown), markdownReport(content.report, content));
  await writeFileAtomic(file(REPORT_FILES.html), htmlReport(content));
}
