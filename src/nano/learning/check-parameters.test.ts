import { expect, it } from 'vitest';
import { tinyCheckpoint } from '../../../test/support/tiny-nano.ts';
import { parameterSpecs } from './graphs.ts';
import { checkParameters } from './trained-weights.ts';

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses weights with %d', (value) => {
  const { config, parameters } = tinyCheckpoint();
  const specs = parameterSpecs(config);
  expect(() => checkParameters(specs, parameters)).not.toThrow();
  for (const name of Object.keys(specs)) {
    const array = parameters[name]!;
    const data = Float32Array.from(array.data);
    data[data.length - 1] = value;
    expect(() =>
      checkParameters(specs, { ...parameters, [name]: { dtype: 'float32', shape: array.shape, data } }),
    ).toThrow(`"${name}" contain values that are not finite numbers`);
  }
});
