/**
 * GLOBE as a library: places, answers, scores, rewards and the location of photos. This file exports the most used
 * functions. Each topic has its own entry point with all its functions, such as `globe-geolocation/reward`.
 */
export { parseAnswer } from './core/answer-grammar.ts';
export { type Answer } from './core/answer.ts';
export { type Coordinate, coordinate } from './core/coordinate.ts';
export { distanceKm } from './core/distance.ts';
export { type ErrorCode, GlobeError } from './core/errors.ts';
export { type Place, type PlaceMatch } from './core/place.ts';
export { type Score, scored, unscored } from './core/score.ts';

export { type Gazetteer, type GeocodeResult } from './gazetteer/gazetteer.ts';
export { openGazetteer } from './gazetteer/open.ts';

export { prepareImage } from './image/prepare-image.ts';
export { type PreparedImage } from './image/prepared-image.ts';
export { generativeLocator } from './locator/generative-locator.ts';
export { type Location, type Locator } from './locator/locator.ts';
export { openVisionModel } from './vision/open-vision-model.ts';
export { type VisionModel } from './vision/vision-model.ts';

export { type Report, reportOf } from './evaluation/report/report.ts';
export { scoreFile } from './evaluation/score-file.ts';

export { openGrounder } from './grounding/entity-grounder.ts';
export { createReward } from './reward/create-reward.ts';
export { type Reward, type RewardInput } from './reward/reward.ts';
