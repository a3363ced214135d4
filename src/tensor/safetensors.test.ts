import fc from 'fast-check';
import { expect, test } from 'vitest';
import { array, type HostArray } from './array.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const arrays: fc.Arbitrary<HostArray> = fc
  .tuple(
    fc.constantFrom('float32', 'float64', 'int32', 'bool'),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
    fc.integer({ min: 0, max: 1 }),
  )
  .map(([dtype, shape, start]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return array(
      dtype,
      shape,
      Array.from({ length: size }, (_, i) => (i + start) % 2),
    );
  });

/** The filter excludes __metadata__, which the format reserves, and __proto__, which zod's records drop. */
const names = fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__');

test('writing and reading preserves all names and types', () => {
  fc.assert(
    fc.property(fc.dictionary(names, arrays), fc.dictionary(names, fc.string()), (named, metadata) => {
      const read = readSafetensors(writeSafetensors(named, metadata));
      expect(read.arrays).toEqual(named);
      expect(read.metadata).toEqual(metadata);
    }),
  );
});

test('the bytes follow the published format', () => {
  const bytes = writeSafetensors({ b: array('float32', [2], [1, 2]) }, { format: 'pt' });
  const header = '{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
  const padded = Math.ceil(header.length / 8) * 8;
  expect(Number(new DataView(bytes.buffer).getBigUint64(0, true))).toBe(padded);
  expect(new TextDecoder().decode(bytes.subarray(8, 8 + padded)).trimEnd()).toBe(header);
  expect([...new Float32Array(bytes.slice(8 + padded).buffer)]).toEqual([1, 2]);
});

test('a truncated file, a text file and an unknown type are rejected with the reason', () => {
  const bytes = writeSafetensors({ weight: array('float32', [3], [1, 2, 3]) });
  expect(() => readSafetensors(bytes.subarray(0, bytes.length - 4))).toThrow('"weight" needs 12 bytes but has 8');
  expect(() => readSafetensors(new TextEncoder().encode('version https://git-lfs'))).toThrow('Not a safetensors file');
  const half = new TextEncoder().encode(new TextDecoder('latin1').decode(bytes).replace('"F32"', '"F16"'));
  expect(() => readSafetensors(half)).toThrow('"weight" has the unsupported type F16');
});

test("a file's Buffer is read like its bytes", () => {
  const bytes = Buffer.from(writeSafetensors({ a: array('float32', [2], [1, 2]), b: array('int32', [1], [3]) }));
  expect(readSafetensors(bytes).arrays['b']).toEqual(array('int32', [1], [3]));
});
