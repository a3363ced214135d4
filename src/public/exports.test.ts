/** Lists every public export. Each change to an export must also be made here and in CHANGELOG.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const HERE = new URL('./', import.meta.url);

/** The kind and name of every export in each public file, sorted by name. */
const EXPORTS: Readonly<Record<string, string>> = {
  '../index.ts': `
    type Answer
    type Coordinate
    type ErrorCode
    type Gazetteer
    type GeocodeResult
    class GlobeError
    type Location
    type Locator
    type Place
    type PlaceMatch
    type PreparedImage
    type Report
    type Reward
    type RewardInput
    type Score
    type VisionModel
    function coordinate
    function createReward
    function distanceKm
    function generativeLocator
    function openGazetteer
    function openGrounder
    function openVisionModel
    function parseAnswer
    function prepareImage
    function reportOf
    function scoreFile
    function scored
    function unscored
  `,
  'curation.ts': `
    type AnnotatorCost
    type AnnotatorRecipe
    type CurateOptions
    type Curated
    type DatasetFile
    type DatasetRow
    value EXPORT_FORMATS
    type ExportFormat
    type ExportOptions
    type Exported
    type Funnel
    type Grounder
    type Instruments
    value MODES
    type MeaningMeasure
    type MergeOptions
    type Mode
    type Oracle
    type Photo
    type Recipe
    type RecipeOverrides
    function annotatorName
    function curate
    function datasetStatistics
    function estimateCost
    function exportDataset
    function lexicalMeaning
    function mergeShards
    function openDataset
    function openGrounder
    function parseRecipe
    function readPhotos
    function readRecipe
  `,
  'evaluation.ts': `
    type Answer
    value BENCHMARKS
    type Benchmark
    type BenchmarkImage
    type BenchmarkImages
    type Columns
    type ComparedRun
    type Comparison
    type CompletionParts
    type EvaluateOptions
    type Evaluated
    value FAILURE_POLICIES
    type FailurePolicy
    value MISSING_POLICIES
    type MeasuredOutcome
    type Metrics
    type MissingPolicy
    type Outcome
    value ROLES
    type Report
    type RunFolder
    value SOURCES
    type ScoreOptions
    type ScoredFile
    type Source
    value THRESHOLDS_KM
    type TableRow
    type ThresholdKm
    type Truth
    function compare
    function completionParts
    function evaluate
    function geoScore
    function htmlReport
    function markdownReport
    function measure
    function openRun
    function parseAnswer
    function readBenchmark
    function reportOf
    function scoreFile
    function table2Rows
    function terminalReport
  `,
  'gazetteer.ts': `
    type AzureMapsOptions
    type Coordinate
    value EARTH_RADIUS_KM
    value GAZETTEER_PATH
    type Gazetteer
    type GeocodeCache
    type GeocodeCandidate
    type GeocodeResult
    type GeocodedPlace
    type Geocoder
    type Iso2
    type MatchedBy
    value NOMINATIM_ATTRIBUTION
    type NominatimOptions
    type OfflineGazetteer
    type Place
    type PlaceMatch
    type Provenance
    type RemoteOptions
    function azureMaps
    function coordinate
    function distanceKm
    function isCoordinate
    function nominatim
    function offlineGeocoder
    function openFileCache
    function openGazetteer
  `,
  'locator.ts': `
    type FoundPhotos
    type GenerativeLocatorOptions
    type GeoClip
    type GeoClipOptions
    type HttpLocatorOptions
    type LocatePhotosOptions
    type LocatedPhoto
    type Location
    type LocationAlternative
    type Locator
    type LocatorSample
    type MetadataMode
    type PhotoInput
    type PhotoMetadata
    type PhotoResult
    type PositionLocator
    type PositionLocatorOptions
    type PrepareOptions
    type PreparedImage
    type PromptForm
    function findPhotos
    function formatCsv
    function formatGeoJson
    function formatHtml
    function formatText
    function generativeLocator
    function httpLocator
    function locatePhotos
    function locatePrompt
    function openGeoClip
    function openPositionLocator
    function prepareImage
    function readPhotoMetadata
  `,
  'miniature.ts': `
    type AnnotatorProfile
    value BOLD
    value CAREFUL
    type GenerateOptions
    type SceneTruth
    type TruthSegmenterOptions
    type World
    function generateWorld
    function miniatureOracle
    function openWorld
    function pairTruth
    function simulatedAnnotator
    function simulatedGps
    function truthSegmenter
    function worldSource
  `,
  'reward.ts': `
    type ClaimScore
    type ClaimScoreOptions
    type Clock
    type CombinedReward
    value DEFAULT_ALPHA
    value DEFAULT_GUARDS
    type DistanceShape
    type Grounder
    type GroupStatistics
    type LengthLimits
    type LocalizabilityOptions
    type Reward
    type RewardDefinition
    type RewardDetail
    type RewardInput
    type RewardMode
    type RewardOptions
    type RewardWeights
    type Score
    type ServiceRewardOptions
    type TotalReward
    type VerifiedGroundingOptions
    type VisualElement
    type VisualGroundingGuards
    value WEIGHT_PRESETS
    function claimScore
    function combinedReward
    function createReward
    function formatReward
    function geoAccuracy
    function geoDistance
    function groupStatistics
    function lengthReward
    function localizability
    function openGrounder
    function overlongPenalty
    function pureReward
    function registerReward
    function rewardDefinitions
    function scored
    function serviceReward
    function shapedValue
    value systemClock
    function tauAt
    function unscored
    function verifiedGrounding
    function visualGrounding
  `,
  'tensor.ts': `
    type AdamWArrays
    type AdamWOptions
    type AdamWStep
    type CompileOptions
    type DType
    type Dim
    type GradientOptions
    type HostArray
    type Operator
    type Precision
    class Program
    type ProgramDefinition
    class ProgramTemplate
    type Safetensors
    type Schedule
    type Shape
    class Store
    type Tensor
    function abs
    function accumulate
    function accumulated
    function adamW
    function adamWInPlace
    function add
    function addAt
    function addDims
    function and
    function apply
    function argmax
    function array
    function bool
    function broadcastTo
    function cast
    function clip
    function clipByGlobalNorm
    function compile
    function concat
    function constant
    function constantRate
    function cos
    function cumsum
    function define
    function dimension
    function div
    function divideDims
    function equal
    function erf
    function exp
    function float32
    function floor
    function full
    function gather
    function gelu
    function globalNorm
    function gradients
    function greater
    function greaterOrEqual
    function initialAccumulators
    function initialMoments
    function input
    function inputsOf
    function int32
    function iota
    function l2Normalize
    function layerNorm
    function less
    function lessOrEqual
    function log
    function logProbability
    function logSoftmax
    function loop
    function matmul
    function maximum
    function minimum
    function mismatch
    function mod
    function momentNames
    function mul
    function multiplyDims
    function neg
    function normal
    function not
    function oneHot
    function or
    function pad
    function pow
    function readSafetensors
    function reciprocal
    function reduceMax
    function reduceMean
    function reduceSum
    function relu
    function reluSquared
    function reshape
    function rmsNorm
    function rsqrt
    function scatterAddAlong
    function scatterAddRows
    function sigmoid
    function sign
    function silu
    function sin
    function sizeOf
    function slice
    function softmax
    function softplus
    function split
    function sqrt
    function square
    function stopGradient
    function sub
    function subtractDims
    function sumOfSquares
    function takeAlong
    function tanh
    function toOnnx
    function topK
    function transpose
    function uniform
    function variance
    function warmupCosine
    function warmupLinear
    function where
    function writeSafetensors
    function zeros
    function zerosLike
  `,
  'training.ts': `
    type AdvantageOptions
    type Aggregation
    type Annotator
    type BackendFactory
    type CallOptions
    type Datum
    type ElementMap
    type ForwardBackward
    type GdpoOptions
    type GrpoPreset
    type GrpoPresetName
    type KlOptions
    type LossChoice
    type ModelInput
    type PhotoSource
    type PhotosOptions
    type PolicyBatch
    type PolicyLoss
    type PolicyLossOptions
    type RewardModelRecipe
    type RunFolder
    type Sample
    type SampleQuery
    type SamplingParameters
    type StepResult
    type Surrogate
    type TrainOptions
    type TrainRecipe
    type TrainRewardModelOptions
    type TrainingBackend
    type TrainingExample
    type TrainingLoopResult
    type Whitening
    function advantages
    function datasetSource
    value embeddedBackends
    function gdpoAdvantages
    function grpoPreset
    function openEmbeddedJudge
    function openRun
    function policyLoss
    function readRewardModelRecipe
    function readTrainRecipe
    value rewardModelRecipeSchema
    function train
    value trainRecipeSchema
    function trainRewardModel
  `,
  'vision.ts': `
    type Claim
    type ClaimVerdict
    type ClaimVerifier
    type Completion
    type FinishReason
    type GenerateRequest
    type GlobeConfig
    type JudgeVerifierOptions
    type ModelProvider
    type NanoModel
    type NanoModelOptions
    type OpenAICompatibleOptions
    type OpenModel
    type OpenModelOptions
    value PRESETS
    type Preset
    type Script
    type Segmenter
    type SegmenterOptions
    type TextBox
    type TextReader
    type TextVerifierOptions
    type TokenLogprob
    type TransformersOptions
    type Usage
    type VisionModel
    function firstVerdict
    function judgeVerifier
    function loadConfig
    function openNanoModel
    function openOpenAICompatibleModel
    function openScriptedModel
    function openTransformersModel
    function openTransformersSegmenter
    function openVisionModel
    function parseConfig
    function scriptedModel
    function segmentVerifier
    function textVerifier
  `,
};

/** Reads the names of a file's exported types from its text, because types do not exist at run time. */
function typesOf(file: URL): string[] {
  const text = readFileSync(file, 'utf8');
  const own = [...text.matchAll(/\btype (?<name>\w+)/gu)].map(({ groups }) => groups!['name']!);
  const passedOn = [...text.matchAll(/export \* from '(?<path>[^']+)'/gu)];
  return [...own, ...passedOn.flatMap(({ groups }) => typesOf(new URL(groups!['path']!, file)))];
}

function kindOf(value: unknown): string {
  if (typeof value !== 'function') return 'value';
  return /^class\b/u.test(String(value)) ? 'class' : 'function';
}

async function exportsOf(file: URL): Promise<string> {
  const values = Object.entries((await import(file.href)) as Record<string, unknown>);
  const named = [
    ...values.map(([name, value]) => [name, kindOf(value)] as const),
    ...typesOf(file).map((name) => [name, 'type'] as const),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return named.map(([name, kind]) => `${kind} ${name}`).join('\n');
}

const listed = (text: string): string => text.trim().replaceAll(/\n\s+/gu, '\n');

it('has one list per door', () => {
  const doors = readdirSync(HERE).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  expect(Object.keys(EXPORTS).toSorted()).toEqual(['../index.ts', ...doors].toSorted());
});

it('has each door in package.json', () => {
  const text = readFileSync(new URL('../../package.json', HERE), 'utf8');
  const { exports } = JSON.parse(text) as { exports: Record<string, unknown> };
  const paths = Object.keys(EXPORTS).filter((door) => door !== '../index.ts');
  expect(exports).toMatchObject(
    Object.fromEntries(
      paths.map((door) => {
        const name = door.replace('.ts', '');
        return [`./${name}`, { types: `./dist/public/${name}.d.ts`, default: `./dist/public/${name}.js` }];
      }),
    ),
  );
});

it.each(Object.entries(EXPORTS))('exports from %s what is listed', async (door, list) => {
  expect(await exportsOf(new URL(door, HERE))).toBe(listed(list));
});
