import { describe, expect, it } from 'vitest';
import { WEIGHT_PRESETS } from '../reward/combine.ts';
import { lengthLimits, shape, weights } from './reward-values.ts';

describe('weights', () => {
  it('parses a preset or numbers', () => {
    expect(weights('script')).toBe(WEIGHT_PRESETS.script);
    expect(weights('accuracy=1, length=0.5')).toEqual({ accuracy: 1, length: 0.5 });
  });

  it.each([
    'toString',
    'constructor',
    '',
    'accuracy',
    'accuracy=',
    'accuracy=1=2',
    'accuracy=0',
    'accuracy=-1',
    'accuracy=Infinity',
    'accuracy=1,accuracy=2',
    'accuracy=1,toString=1',
  ])('rejects %j', (text) => {
    expect(() => weights(text)).toThrow(text.split(',').at(-1));
  });
});

describe('shape', () => {
  it('parses the three kinds', () => {
    expect(shape('exponential=1500')).toEqual({ kind: 'exponential', tauKm: 1500 });
    expect(shape('steps=25:1,200:0.5')).toMatchObject({
      steps: [
        [25, 1],
        [200, 0.5],
      ],
    });
    expect(shape('piecewise-linear=0:1,2500:0')).toMatchObject({
      points: [
        [0, 1],
        [2500, 0],
      ],
    });
  });

  it.each(['exponential', 'exponential=0', 'steps=25', 'steps=25:1:2', 'piecewise-linear=9:1,2:0', 'toString=1'])(
    'rejects %j',
    (text) => {
      expect(() => shape(text)).toThrow('Use exponential=KM');
    },
  );
});

describe('lengthLimits', () => {
  it('parses the maximum and the buffer', () => {
    expect(lengthLimits('1024,256')).toEqual({ maxTokens: 1024, bufferTokens: 256 });
  });

  it.each(['1024', '256,1024', '1024,0', '1,1,1'])('rejects %j', (text) => {
    expect(() => lengthLimits(text)).toThrow(/Invalid length|is below 1/u);
  });
});
