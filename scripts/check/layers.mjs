// The list of layers, which exists only here. Imports point down the list, and folders in the same row never import
// each other. `--write` writes these rules into the linter's configuration. `--check` fails if the configuration
// differs, if a folder of src/ is not in the list, or if imports form a circle.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { importCircles } from './imports.mjs';

/** Layers from top to bottom. */
export const layers = [
  ['cli', 'public'],
  ['server', 'reproduction'],
  ['miniature'],
  ['training'],
  ['curation', 'reward', 'evaluation'],
  ['locator'],
  ['nano', 'vision'],
  ['page', 'gazetteer', 'grounding', 'image', 'storage', 'tensor'],
  ['prompts', 'service'],
  ['core'],
];

/**
 * Returns an oxlint override for each folder of src/. It forbids imports from the other folders of the row, and from
 * the rows above.
 */
export function overrides() {
  return layers.flatMap((row, depth) =>
    row.map((folder) => {
      const forbidden = [...layers.slice(0, depth).flat(), ...row.filter((sibling) => sibling !== folder)];
      return {
        files: [`src/${folder}/**/*.ts`],
        rules: {
          'no-restricted-imports':
            forbidden.length === 0
              ? 'off'
              : [
                  'error',
                  {
                    patterns: [
                      {
                        group: forbidden.map((name) => `**/${name}/**`),
                        message: `src/${folder} may import only from the layers below it (docs/architecture.md).`,
                      },
                    ],
                  },
                ],
        },
      };
    }),
  );
}

const file = new URL('../../.oxlintrc.json', import.meta.url);
const config = JSON.parse(readFileSync(file, 'utf8'));
const isLayer = (override) => override.files[0].startsWith('src/');

if (process.argv.includes('--write')) {
  config.overrides = [...config.overrides.filter((override) => !isLayer(override)), ...overrides()];
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
}

if (process.argv.includes('--check')) {
  const folders = readdirSync(new URL('../../src/', import.meta.url), { withFileTypes: true });
  const unknown = folders.filter((entry) => entry.isDirectory() && !layers.flat().includes(entry.name));
  for (const { name } of unknown)
    process.stderr.write(`Missing layer: src/${name}. Add it to scripts/check/layers.mjs.\n`);
  const stale = JSON.stringify(config.overrides.filter(isLayer)) !== JSON.stringify(overrides());
  if (stale)
    process.stderr.write('.oxlintrc.json differs from the layers. Run node scripts/check/layers.mjs --write.\n');
  const circles = importCircles();
  for (const circle of circles) process.stderr.write(`Import circle: ${circle.join(' → ')}. Remove one import.\n`);
  if (stale || unknown.length > 0 || circles.length > 0) process.exitCode = 1;
}
