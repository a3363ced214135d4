/**
 * Evaluates in a separate process, which tests kill: `node evaluate-child.ts ROOT IMAGES`. Prints one line per image.
 */
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { openRun } from '../../src/storage/run-folder.ts';
import { prepareByName, scriptedImages, scriptedLocator } from './scripted-locator.ts';

const [root, count] = process.argv.slice(2) as [string, string];
const run = await openRun({ root, name: 'run', options: { model: 'scripted', count } });
await evaluate({
  images: scriptedImages(Number(count)),
  locator: scriptedLocator(),
  prepare: prepareByName,
  run,
  concurrency: 5,
  seed: 3,
  signal: new AbortController().signal,
  onProgress: ({ done }) => process.stdout.write(`${done}\n`),
});
await run.release();
