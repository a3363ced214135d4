import { describe, expect, it } from 'vitest';
import { imageTokens, nanoConfig, parseNanoConfig } from './config.ts';
import { parameterSpecs } from './learning/graphs.ts';
import { countParameters } from './model/parameters.ts';

describe('nanoConfig', () => {
  it('spans a test model to a few million parameters, on two different backbones', () => {
    const table = (['vit', 'mixer'] as const).flatMap((backbone) =>
      (['tiny', 'small', 'base'] as const).map((size) => {
        const config = nanoConfig({ size, backbone, vocabularySize: 2048 });
        return [backbone, size, countParameters(parameterSpecs(config)), imageTokens(config)];
      }),
    );
    expect(table).toMatchInlineSnapshot(`
      [
        [
          "vit",
          "tiny",
          104384,
          4,
        ],
        [
          "vit",
          "small",
          1382784,
          16,
        ],
        [
          "vit",
          "base",
          6594624,
          16,
        ],
        [
          "mixer",
          "tiny",
          101792,
          4,
        ],
        [
          "mixer",
          "small",
          1292512,
          16,
        ],
        [
          "mixer",
          "base",
          5361024,
          16,
        ],
      ]
    `);
  });
});

describe('parseNanoConfig', () => {
  const good = nanoConfig({ size: 'tiny', vocabularySize: 300 });

  it('reads what it wrote', () => {
    expect(parseNanoConfig(JSON.parse(JSON.stringify(good)))).toEqual(good);
  });

  it('names the invalid field', () => {
    expect(() => parseNanoConfig({ ...good, contextTokens: 0 })).toThrow(/contextTokens/);
    expect(() => parseNanoConfig({ ...good, colour: 'red' })).toThrow(/colour/);
    expect(() => parseNanoConfig({ ...good, decoder: { ...good.decoder, keyValueHeads: 3 } })).toThrow(
      /number of key-value heads: 4 is not a multiple of 3/,
    );
    expect(() => parseNanoConfig({ ...good, image: { ...good.image, sizePixels: 40 } })).toThrow(
      /multiple of the merged patch size/,
    );
  });
});
