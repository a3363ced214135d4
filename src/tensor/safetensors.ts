/**
 * Reads and writes safetensors files. A file consists of the header's length in eight bytes, a JSON header, and the
 * bytes of the arrays (https://github.com/huggingface/safetensors, "Format"). Array types that programs do not support
 * are rejected.
 */
import { z } from 'zod';
import { invalidInput, messageOf } from '../core/errors.ts';
import { array, type HostArray, type HostDType } from './array.ts';

const codes = { float32: 'F32', float64: 'F64', int32: 'I32', bool: 'BOOL' } as const satisfies Record<
  HostDType,
  string
>;
const dtypes = new Map<string, HostDType>(Object.entries(codes).map(([dtype, code]) => [code, dtype as HostDType]));
const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array };

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const metadataSchema = z.record(z.string(), z.string());
const headerSchema = z.record(z.string(), z.unknown());

const HEADER_LENGTH_BYTES = 8;
/** Maximum length of a header. The reference implementation rejects longer headers. */
const MAX_HEADER_BYTES = 100_000_000;

export type Safetensors = {
  readonly arrays: Record<string, HostArray>;
  readonly metadata: Record<string, string>;
};

/**
 * Returns the bytes of a file. Arrays are sorted by element size, which aligns them in memory, then by name, so that
 * equal arrays give equal bytes.
 */
export function writeSafetensors(
  arrays: Readonly<Record<string, HostArray>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const sorted = Object.entries(arrays).sort(
    ([a, x], [b, y]) => y.data.BYTES_PER_ELEMENT - x.data.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  let offset = 0;
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  for (const [name, { dtype, shape, data }] of sorted) {
    header[name] = { dtype: codes[dtype], shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(HEADER_LENGTH_BYTES + padded + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, HEADER_LENGTH_BYTES, HEADER_LENGTH_BYTES + padded);
  bytes.set(text, HEADER_LENGTH_BYTES);
  let position = HEADER_LENGTH_BYTES + padded;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/**
 * Reads arrays and metadata from a file's bytes. Throws `invalid-input` if the file is not in the safetensors format,
 * or if an array has an unsupported type.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { header, body } = split(bytes);
  const arrays: Record<string, HostArray> = {};
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = parsed(metadataSchema, value, name);
      continue;
    }
    const {
      dtype: code,
      shape,
      data_offsets: [begin, end],
    } = parsed(entrySchema, value, name);
    const dtype = dtypes.get(code);
    if (dtype === undefined) {
      throw invalidInput(
        `The tensor "${name}" has the unsupported type ${code}.`,
        `Convert the tensor to one of ${[...dtypes.keys()].join(', ')} first.`,
      );
    }
    const constructor = constructors[dtype];
    const size = shape.reduce((a, b) => a * b, 1) * constructor.BYTES_PER_ELEMENT;
    if (end - begin !== size || end > body.length) {
      throw notSafetensors(
        `the tensor "${name}" needs ${size} bytes but has ${Math.max(0, Math.min(end, body.length) - begin)}`,
      );
    }
    // The bytes are copied, because a view would have to be aligned and would keep the whole file in memory.
    // Buffer.slice returns a view, so the copy is made with a Uint8Array.
    arrays[name] = array(dtype, shape, new constructor(new Uint8Array(body.subarray(begin, end)).buffer));
  }
  return { arrays, metadata };
}

function split(bytes: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  if (bytes.length < HEADER_LENGTH_BYTES) throw notSafetensors(`the file has only ${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const end = HEADER_LENGTH_BYTES + length;
  if (length > MAX_HEADER_BYTES || end > bytes.length)
    throw notSafetensors(`the stated header length of ${length} bytes is too large`);
  const text = new TextDecoder().decode(bytes.subarray(HEADER_LENGTH_BYTES, end));
  try {
    return { header: headerSchema.parse(JSON.parse(text)), body: bytes.subarray(end) };
  } catch (error) {
    throw notSafetensors(messageOf(error));
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value);
  if (!result.success) throw notSafetensors(`the entry "${name}" is malformed`);
  return result.data;
}

const notSafetensors = (reason: string): Error =>
  invalidInput(
    `Not a safetensors file: ${reason}.`,
    'Download the file again. It may be truncated or a Git LFS pointer.',
  );
