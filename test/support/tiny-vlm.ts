/**
 * Writes vision-language models of a few kilobytes in the Hugging Face layout. They test in-process models with the
 * real library and real ONNX sessions. They cover two kinds of image processors: that of LLaVA, and that of Qwen2.5-VL,
 * which is the paper's backbone. Each model answers Japan for blue pictures and Peru for red pictures, and is undecided
 * about grey pictures.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeModel } from '../../src/tensor/protobuf.ts';
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from '../../src/tensor/protobuf.ts';

export type Architecture = 'llava' | 'qwen2_5_vl';

const VOCABULARY = [
  '<image>',
  '<|image_pad|>',
  '<|vision_start|>',
  '<|vision_end|>',
  '</s>',
  '<unk>',
  'USER',
  'ASSISTANT',
  'country:',
  'Japan,',
  'Peru,',
  'city:',
  'Hamada',
  'Lima',
] as const;
type Word = (typeof VOCABULARY)[number];

const id = (word: Word): number => VOCABULARY.indexOf(word);
const V = VOCABULARY.length;
/** Length of a hidden state: one value per word of the vocabulary (one-hot), then red, green and blue. */
const H = V + 3;

/** The possible next words after each word. If there are two, the picture decides between them. */
const NEXT: readonly (readonly [Word, readonly Word[]])[] = [
  ['ASSISTANT', ['country:']],
  ['country:', ['Japan,', 'Peru,']],
  ['Japan,', ['city:']],
  ['Peru,', ['city:']],
  ['city:', ['Hamada', 'Lima']],
  ['Hamada', ['</s>']],
  ['Lima', ['</s>']],
];

const RED_WORDS = new Set<Word>(['Peru,', 'Lima']);
const BLUE_WORDS = new Set<Word>(['Japan,', 'Hamada']);

/** Writes the folder of a model. */
export async function writeTinyModel(folder: string, architecture: Architecture): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true });
  const files = { ...tokenizerFiles(architecture), ...configFiles(architecture) };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), JSON.stringify(content));
  }
  for (const [name, bytes] of Object.entries(onnxFiles(architecture))) {
    await writeFile(join(folder, 'onnx', `${name}.onnx`), bytes);
  }
}

const IMAGE_TEXT: Readonly<Record<Architecture, string>> = {
  llava: '<image>',
  qwen2_5_vl: '<|vision_start|><|image_pad|><|vision_end|>',
};

function tokenizerFiles(architecture: Architecture): Record<string, unknown> {
  const special = VOCABULARY.filter((word) => word.startsWith('<')).map((content) => ({
    id: id(content),
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }));
  const image = `{% if part.type == 'image' %}${IMAGE_TEXT[architecture]} {% else %}{{ part.text }} {% endif %}`;
  return {
    'tokenizer.json': {
      version: '1.0',
      added_tokens: special,
      normalizer: null,
      pre_tokenizer: { type: 'WhitespaceSplit' },
      post_processor: null,
      decoder: null,
      model: {
        type: 'WordLevel',
        unk_token: '<unk>',
        vocab: Object.fromEntries(VOCABULARY.map((word, index) => [word, index])),
      },
    },
    'tokenizer_config.json': {
      tokenizer_class: 'PreTrainedTokenizer',
      unk_token: '<unk>',
      eos_token: '</s>',
      chat_template: `{% for message in messages %}USER {% for part in message.content %}${image}{% endfor %}{% endfor %}ASSISTANT`,
    },
  };
}

/**
 * LLaVA scales pictures to 8 × 8 pixels. Qwen2.5-VL cuts them into patches of 4 × 4 pixels, and merges each group of
 * four patches.
 */
function configFiles(architecture: Architecture): Record<string, unknown> {
  const text = {
    hidden_size: H,
    vocab_size: V,
    num_hidden_layers: 1,
    num_attention_heads: 1,
    num_key_value_heads: 1,
  };
  const picture = {
    do_resize: true,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: false,
    do_convert_rgb: true,
  };
  const generation = { 'generation_config.json': { eos_token_id: id('</s>') } };
  if (architecture === 'llava') {
    return {
      ...generation,
      'config.json': {
        model_type: 'llava',
        architectures: ['LlavaForConditionalGeneration'],
        image_token_index: id('<image>'),
        text_config: { ...text, model_type: 'llama' },
      },
      'preprocessor_config.json': {
        ...picture,
        image_processor_type: 'CLIPImageProcessor',
        processor_class: 'LlavaProcessor',
        size: { height: 8, width: 8 },
        do_center_crop: false,
      },
      'processor_config.json': {
        processor_class: 'LlavaProcessor',
        image_token: '<image>',
        patch_size: 8,
        num_additional_image_tokens: 0,
      },
    };
  }
  return {
    ...generation,
    'config.json': {
      ...text,
      model_type: 'qwen2_5_vl',
      architectures: ['Qwen2_5_VLForConditionalGeneration'],
      image_token_id: id('<|image_pad|>'),
      video_token_id: V,
      vision_start_token_id: id('<|vision_start|>'),
      vision_config: { spatial_merge_size: 2 },
      text_config: { ...text, model_type: 'qwen2_5_vl_text' },
    },
    'preprocessor_config.json': {
      ...picture,
      image_processor_type: 'Qwen2VLImageProcessor',
      processor_class: 'Qwen2_5_VLProcessor',
      min_pixels: 64,
      max_pixels: 512,
      patch_size: 4,
      temporal_patch_size: 2,
      merge_size: 2,
    },
  };
}

function onnxFiles(architecture: Architecture): Record<string, Uint8Array> {
  const oneHot = Array.from({ length: V }, (_, i) => Array.from({ length: H }, (_, j) => Number(i === j)));
  const colours = Array.from({ length: 3 }, (_, i) => Array.from({ length: H }, (_, j) => Number(j === V + i)));
  const follows = Array.from({ length: H }, (_, i) =>
    VOCABULARY.map((word) => (NEXT.find(([head]) => id(head) === i)?.[1].includes(word) ? 10_000 : 0)),
  );
  const paints = Array.from({ length: H }, (_, i) =>
    VOCABULARY.map((word) => {
      if (i === V) return RED_WORDS.has(word) ? 8 : 0;
      return i === V + 2 && BLUE_WORDS.has(word) ? 8 : 0;
    }),
  );
  return {
    embed_tokens: graph({
      nodes: [node('Gather', ['table', 'input_ids'], 'inputs_embeds')],
      weights: [matrix('table', oneHot)],
      inputs: [value('input_ids', INT64, ['batch_size', 'length'])],
      outputs: [value('inputs_embeds', FLOAT, ['batch_size', 'length', H])],
    }),
    vision_encoder: architecture === 'llava' ? llavaVision(colours) : qwenVision(colours),
    decoder_model_merged: graph({
      nodes: [
        node('Unsqueeze', ['inputs_embeds', 'one'], 'heads'),
        node('Concat', ['past_key_values.0.key', 'heads'], 'present.0.key', { axis: 2 }),
        node('Concat', ['past_key_values.0.value', 'heads'], 'present.0.value', { axis: 2 }),
        // Sums over all earlier positions, so that the picture affects all words after it.
        node('ReduceSum', ['present.0.key', 'two'], 'seen', { keepdims: 0 }),
        node('MatMul', ['seen', 'paints'], 'colour'),
        node('MatMul', ['inputs_embeds', 'follows'], 'words'),
        node('Add', ['words', 'colour'], 'logits'),
      ],
      weights: [integers('one', [1]), integers('two', [2]), matrix('follows', follows), matrix('paints', paints)],
      inputs: [
        value('inputs_embeds', FLOAT, ['batch_size', 'length', H]),
        // With this input, the library computes Qwen's positions in time, height and width. The decoder ignores them.
        ...(architecture === 'llava' ? [] : [value('position_ids', INT64, [3, 'batch_size', 'length'])]),
        value('past_key_values.0.key', FLOAT, ['batch_size', 1, 'past_length', H]),
        value('past_key_values.0.value', FLOAT, ['batch_size', 1, 'past_length', H]),
      ],
      outputs: [
        value('logits', FLOAT, ['batch_size', 'length', V]),
        value('present.0.key', FLOAT, ['batch_size', 1, 'total_length', H]),
        value('present.0.value', FLOAT, ['batch_size', 1, 'total_length', H]),
      ],
    }),
  };
}

/** Encodes an image as one feature, the mean colour of its pixels. */
const llavaVision = (colours: number[][]): Uint8Array =>
  graph({
    nodes: [
      node('ReduceMean', ['pixel_values', 'sides'], 'mean', { keepdims: 0 }),
      node('MatMul', ['mean', 'colours'], 'flat'),
      node('Unsqueeze', ['flat', 'one'], 'image_features'),
    ],
    weights: [integers('sides', [2, 3]), integers('one', [1]), matrix('colours', colours)],
    inputs: [value('pixel_values', FLOAT, ['batch_size', 3, 'height', 'width'])],
    outputs: [value('image_features', FLOAT, ['batch_size', 1, H])],
  });

/**
 * Encodes each group of four patches as one feature, their mean colour. A patch has 3 colours × 2 frames × 4 × 4
 * pixels.
 */
const qwenVision = (colours: number[][]): Uint8Array =>
  graph({
    nodes: [
      node('Reshape', ['pixel_values', 'by_colour'], 'pixels'),
      node('ReduceMean', ['pixels', 'pixel_axes'], 'mean', { keepdims: 0 }),
      node('MatMul', ['mean', 'colours'], 'image_features'),
    ],
    weights: [integers('by_colour', [-1, 4, 3, 32]), integers('pixel_axes', [1, 3]), matrix('colours', colours)],
    inputs: [
      value('pixel_values', FLOAT, ['patches', 96]),
      // A real encoder needs this grid. The test's encoder ignores it, because the order of the patches is enough.
      value('image_grid_thw', INT64, ['images', 3]),
    ],
    outputs: [value('image_features', FLOAT, ['features', H])],
  });

const FLOAT = 1;
const INT64 = 7;

type Graph = { nodes: NodeProto[]; weights: TensorProto[]; inputs: ValueInfoProto[]; outputs: ValueInfoProto[] };

function graph({ nodes, weights, inputs, outputs }: Graph): Uint8Array {
  return encodeModel({
    irVersion: 9,
    producerName: 'globe-test',
    opsetImport: [{ domain: '', version: 18 }],
    graph: { name: 'tiny', node: nodes, initializer: weights, input: inputs, output: outputs },
  });
}

function node(opType: string, input: string[], output: string, attributes: Record<string, number> = {}): NodeProto {
  const attribute = Object.entries(attributes).map(([name, i]): AttributeProto => ({ name, type: 2, i }));
  return { name: output, opType, domain: '', input, output: [output], attribute };
}

const matrix = (name: string, rows: readonly (readonly number[])[]): TensorProto => ({
  name,
  dataType: FLOAT,
  dims: [rows.length, rows[0]!.length],
  rawData: new Uint8Array(Float32Array.from(rows.flat()).buffer),
});

const integers = (name: string, values: readonly number[]): TensorProto => ({
  name,
  dataType: INT64,
  dims: [values.length],
  rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});

const value = (name: string, elemType: number, shape: readonly (number | string)[]): ValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType,
      shape: { dim: shape.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d })) },
    },
  },
});
