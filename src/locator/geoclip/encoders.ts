/**
 * GeoCLIP's two encoders as tensor programs (Vivanco Cepeda, Nayak and Shah, 2023). They map positions and CLIP's image
 * features to unit vectors in one space. Only inference is implemented. clip-tower.ts computes the image features.
 */
import { defined } from '../../core/defined.ts';
import type { Coordinate } from '../../core/coordinate.ts';
import { add, compile, concat, cos, float32, input, l2Normalize, matmul, mul, relu, sin } from '../../tensor/index.ts';
import type { HostArray, Program } from '../../tensor/index.ts';
import { equalEarth } from './equal-earth.ts';
import type { Capsule, GeoClipWeights, Linear } from './weights.ts';

type Tensor = ReturnType<typeof input>;

export type Encoders = AsyncDisposable & {
  /** Number of components of each unit vector. */
  readonly dimensions: number;
  /** Encodes positions as unit vectors, one per row: float32 [n, dimensions]. */
  locations(positions: readonly Coordinate[]): Promise<Float32Array>;
  /** Encodes CLIP image features [n, projection] as unit vectors [n, dimensions], one per row. */
  images(features: Float32Array): Promise<Float32Array>;
};

export type EncoderOptions = {
  readonly threads?: number;
  /** If false, skips the normalization to length 1, for comparison with the reference implementation. */
  readonly normalize?: boolean;
};

export async function compileEncoders(
  { capsules, imageHead }: GeoClipWeights,
  { threads, normalize = true }: EncoderOptions = {},
): Promise<Encoders> {
  const constants: Record<string, HostArray> = {};
  const constant = (name: string, value: HostArray): Tensor => {
    constants[name] = value;
    return input(name, value.shape);
  };
  const linear = (name: string, x: Tensor, { weight, bias }: Linear): Tensor =>
    add(matmul(x, constant(`${name}.weight`, transposed(weight))), constant(`${name}.bias`, bias));

  /** Computes the random Fourier features cos(2πxBᵀ) and sin(2πxBᵀ), then applies the layers to them. */
  function capsule(x: Tensor, name: string, { frequencies, layers }: Capsule): Tensor {
    const phase = matmul(mul(x, 2 * Math.PI), constant(`${name}.frequencies`, transposed(frequencies)));
    return layers.reduce(
      (hidden, layer, i) => {
        const out = linear(`${name}.${i}`, hidden, layer);
        return i < layers.length - 1 ? relu(out) : out;
      },
      concat([cos(phase), sin(phase)], 1),
    );
  }

  const unit = (x: Tensor): Tensor => (normalize ? l2Normalize(x) : x);
  const points = input('points', ['batch', 2]);
  const location = unit(capsules.map((each, i) => capsule(points, `capsule${i}`, each)).reduce((a, b) => add(a, b)));

  const projection = imageHead[0].weight.shape[1]!;
  const features = input('features', ['batch', projection]);
  const image = unit(linear('head.1', relu(linear('head.0', features, imageHead[0])), imageHead[1]));

  const options = { constants, ...defined({ threads }) };
  const locationProgram = await compile({ outputs: { location } }, options);
  const imageProgram = await compile({ outputs: { image } }, options);
  const run = async (program: Program, name: string, feeds: Record<string, HostArray>): Promise<Float32Array> =>
    (await program.run(feeds))[name]!.data as Float32Array;
  return {
    dimensions: imageHead[1].weight.shape[0]!,
    locations: async (positions) =>
      run(locationProgram, 'location', { points: float32([positions.length, 2], equalEarth(positions)) }),
    images: async (values) =>
      run(imageProgram, 'image', { features: float32([values.length / projection, projection], values) }),
    [Symbol.asyncDispose]: async () => {
      await locationProgram[Symbol.asyncDispose]();
      await imageProgram[Symbol.asyncDispose]();
    },
  };
}

/**
 * Transposes the weights once, before the program runs. They are then a constant right operand, whose memory layout the
 * runtime can prepare in advance.
 */
function transposed({ shape, data }: HostArray): HostArray {
  const [rows, columns] = shape as [number, number];
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c]!;
  return float32([columns, rows], out);
}
