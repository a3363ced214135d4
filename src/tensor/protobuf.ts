/**
 * The part of onnx.proto (ONNX 1.17, IR version 10) that the compiler writes, as a protobufjs descriptor and TypeScript
 * types. Names, types and numbers of the fields are the same as in the published file. This file encodes messages;
 * emitter.ts builds them.
 */
import protobuf from 'protobufjs';

type FieldText = `${'repeated ' | ''}${string} ${string}`;

/** Fields of each message by field number, as 'type name' or 'repeated type name'. */
const messages: Readonly<Record<string, Readonly<Record<number, FieldText>>>> = {
  ModelProto: {
    1: 'int64 irVersion',
    2: 'string producerName',
    7: 'GraphProto graph',
    8: 'repeated OperatorSetIdProto opsetImport',
    14: 'repeated StringStringEntryProto metadataProps',
  },
  OperatorSetIdProto: { 1: 'string domain', 2: 'int64 version' },
  StringStringEntryProto: { 1: 'string key', 2: 'string value' },
  GraphProto: {
    1: 'repeated NodeProto node',
    2: 'string name',
    5: 'repeated TensorProto initializer',
    11: 'repeated ValueInfoProto input',
    12: 'repeated ValueInfoProto output',
  },
  NodeProto: {
    1: 'repeated string input',
    2: 'repeated string output',
    3: 'string name',
    4: 'string opType',
    5: 'repeated AttributeProto attribute',
    7: 'string domain',
  },
  AttributeProto: {
    1: 'string name',
    2: 'float f',
    3: 'int64 i',
    4: 'bytes s',
    5: 'TensorProto t',
    6: 'GraphProto g',
    8: 'repeated int64 ints',
    20: 'int32 type',
  },
  TensorProto: { 1: 'repeated int64 dims', 2: 'int32 dataType', 8: 'string name', 9: 'bytes rawData' },
  ValueInfoProto: { 1: 'string name', 2: 'TypeProto type' },
  TypeProto: { 1: 'TypeProtoTensor tensorType' },
  TypeProtoTensor: { 1: 'int32 elemType', 2: 'TensorShapeProto shape' },
  TensorShapeProto: { 1: 'repeated TensorShapeProtoDimension dim' },
  TensorShapeProtoDimension: { 1: 'int64 dimValue', 2: 'string dimParam' },
};

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([name, fields]) => [
      name,
      {
        fields: Object.fromEntries(
          Object.entries(fields).map(([id, text]) => {
            const words = text.split(' ');
            const [type, field] = words.slice(-2) as [string, string];
            return [field, { id: Number(id), type, ...(words.length === 3 && { rule: 'repeated' }) }];
          }),
        ),
      },
    ]),
  ),
});

export type TensorProto = { name: string; dataType: number; dims: readonly number[]; rawData: Uint8Array };

export type AttributeProto = {
  name: string;
  /** Type of the attribute: 1 FLOAT, 2 INT, 3 STRING, 5 GRAPH, 7 INTS. */
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  g?: GraphProto;
  ints?: readonly number[];
};

export type NodeProto = {
  name: string;
  opType: string;
  domain: string;
  input: readonly string[];
  output: readonly string[];
  attribute: readonly AttributeProto[];
};

export type ValueInfoProto = {
  name: string;
  type: {
    tensorType: { elemType: number; shape: { dim: readonly ({ dimValue: number } | { dimParam: string })[] } };
  };
};

export type GraphProto = {
  name: string;
  node: readonly NodeProto[];
  initializer: readonly TensorProto[];
  input: readonly ValueInfoProto[];
  output: readonly ValueInfoProto[];
};

export type ModelProto = {
  irVersion: number;
  producerName: string;
  opsetImport: readonly { domain: string; version: number }[];
  graph: GraphProto;
};

/** Encodes a model as the bytes of an .onnx file. */
export function encodeModel(model: ModelProto): Uint8Array {
  return root.lookupType('ModelProto').encode(model).finish();
}

/** Field numbers on the path from the model to an initializer's name and bytes. */
const GRAPH = 7;
const INITIALIZER = 5;
const NAME = 8;
const RAW_DATA = 9;

/** Returns, by the initializer's name, the offset in the .onnx file at which the initializer's bytes start. */
export function initializerOffsets(model: Uint8Array): Map<string, number> {
  const offsets = new Map<string, number>();
  eachBlock(model, [0, model.length], (field, graph) => {
    if (field !== GRAPH) return;
    eachBlock(model, graph, (inGraph, initializer) => {
      if (inGraph !== INITIALIZER) return;
      const found = new Map<number, Range>();
      eachBlock(model, initializer, (part, range) => found.set(part, range));
      const [name, data] = [found.get(NAME), found.get(RAW_DATA)];
      if (name && data) offsets.set(new TextDecoder().decode(model.subarray(...name)), data[0]);
    });
  });
  return offsets;
}

type Range = readonly [start: number, end: number];

/** Protobuf's wire type of length-delimited fields: texts, bytes and messages. */
const WITH_LENGTH = 2;

/**
 * Calls `visit` for each length-delimited field of a message, with the byte range of the field's content in the file.
 */
function eachBlock(model: Uint8Array, [start, end]: Range, visit: (field: number, range: Range) => void): void {
  const reader = protobuf.Reader.create(model.subarray(start, end));
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const wireType = tag & 7;
    if (wireType === WITH_LENGTH) {
      const length = reader.uint32();
      visit(tag >>> 3, [start + reader.pos, start + reader.pos + length]);
      reader.skip(length);
    } else reader.skipType(wireType);
  }
}

/**
 * ONNX's codes for element types. int64 is used only for shapes and uint64 only for hashing, so no input has these
 * types.
 */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11, uint64: 13 } as const;
export type ElementType = keyof typeof elementTypes;

/** An attribute's value. A plain number is an integer attribute; a real attribute is written as { float }. */
export type AttributeValue =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly graph: GraphProto };
export type AttributeValues = Readonly<Record<string, AttributeValue>>;

/** Converts an attribute to its protobuf message. */
export function attributeProto(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  if ('graph' in value) return { name, type: 5, g: value.graph };
  return { name, type: 7, ints: value };
}

/** Converts the values of a constant to bytes. */
export function rawBytes(type: ElementType, values: readonly number[]): Uint8Array {
  const array = {
    float32: () => Float32Array.from(values),
    float64: () => Float64Array.from(values),
    int32: () => Int32Array.from(values),
    int64: () => BigInt64Array.from(values, BigInt),
    uint64: () => BigUint64Array.from(values, BigInt),
    bool: () => Uint8Array.from(values),
  }[type]();
  return new Uint8Array(array.buffer);
}
