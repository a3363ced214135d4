/** The embedded vision-language model: its configurations, checkpoints, tokenizer, training backend and the model that answers. */
export { answerTokens, type ChatRequest, promptTokens } from './chat-template.ts';
export { type Checkpoint, loadCheckpoint, loadTrainingState, saveCheckpoint } from './checkpoint.ts';
export {
  type EncoderConfig,
  encoderConfig,
  type NanoBackbone,
  type NanoConfig,
  nanoConfig,
  type NanoConfigOptions,
  type NanoSize,
  parseNanoConfig,
} from './config.ts';
export { EmbeddedBackend, type EmbeddedBackendOptions } from './embedded-backend.ts';
export {
  geocellClassifier,
  type GeocellClassifier,
  type GeocellClassifierOptions,
} from './heads/geocell-classifier.ts';
export { cellOf, type Geocell, type GeocellRules, type Geocells, makeGeocells } from './heads/geocells.ts';
export { imageRetriever, type ImageRetriever, type ImageRetrieverOptions } from './heads/image-retriever.ts';
export {
  type AnyPositionHead,
  loadPositionModel,
  positionKindOf,
  type PositionKind,
  savePositionModel,
} from './heads/position-checkpoint.ts';
export {
  type PositionExample,
  PositionModel,
  type PositionModelOptions,
  type RankedPosition,
} from './heads/position-model.ts';
export { judgementData, yesProbabilities } from './heads/yes-no.ts';
export { type PatchReader, patchReader } from './image/patches.ts';
export { countParameters, initialParameters } from './model/parameters.ts';
export { NanoModel, type NanoModelOptions, openNanoModel } from './nano-model.ts';
export { ParallelSampler, type ParallelSamplerOptions } from './sampling/parallel-sampler.ts';
export { type SampledSequence, type SampleRequest, type SamplingOptions } from './sampling/requests.ts';
export { NanoSampler, type SamplerOptions } from './sampling/sampler.ts';
export { controlTokens, tagTokens, tokenIds } from './tokenizer/special-tokens.ts';
export { openTokenizer, type Tokenizer, tokenizerDocument, type TokenizerJson } from './tokenizer/tokenizer.ts';
export { type BpeVocabulary, trainBpe, type TrainBpeOptions } from './tokenizer/train-bpe.ts';
export type { Sequence } from './learning/batch.ts';
export { type OptimizerOptions, parameterSpecs, type Trainable } from './learning/graphs.ts';
export { type LossDefinition, lossNamed, losses } from './learning/losses.ts';
export { type LossSequence, NanoTrainer, type TrainerOptions } from './learning/trainer.ts';
export type { TrainerState } from './learning/trained-weights.ts';
export type {
  BackendTokenizer,
  CallOptions,
  Continuation,
  Datum,
  ForwardBackward,
  LossChoice,
  ModelInput,
  Sample,
  SampleQuery,
  SamplingParameters,
  TrainingBackend,
} from './training-backend.ts';
