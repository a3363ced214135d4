// The layer map, once: imports only point down this list, folders of one line never import each other.
// Printed as oxlint overrides by `node scripts/layers.mjs --write`; test/layers.test.ts checks that the configuration is current.
import { readFileSync, writeFileSync } from 'node:fs';

/** Top to bottom. */
export const layers = [
  ['cli'],
  ['server'],
  ['training'],
  ['curation', 'reward', 'evaluation'],
  ['miniature'],
  ['locator'],
  ['nano'],
  ['vision'],
  ['gazetteer', 'image', 'storage', 'tensor'],
  ['prompts'],
  ['core'],
];

/** One oxlint override per folder of src/: what it must not import. */
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

const file = new URL('../.oxlintrc.json', import.meta.url);

if (process.argv.includes('--write')) {
  const config = JSON.parse(readFileSync(file, 'utf8'));
  config.overrides = [...config.overrides.filter((o) => !o.files[0].startsWith('src/')), ...overrides()];
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
}
