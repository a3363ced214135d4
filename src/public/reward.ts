/** `globe-geolocation/reward`: the task rewards, their weighted sum, and statistics of groups of completions. */
export { type Score, scored, unscored } from '../core/score.ts';
export { type VisualElement } from '../core/visual-element.ts';

export { pureReward, type Reward, type RewardDetail, type RewardInput, type RewardMode } from '../reward/reward.ts';
export { registerReward, rewardDefinitions } from '../reward/registry.ts';
export { type RewardDefinition, type RewardOptions, type RewardWeights } from '../reward/reward-definition.ts';
export { createReward } from '../reward/create-reward.ts';
export { type CombinedReward, combinedReward, type TotalReward, WEIGHT_PRESETS } from '../reward/combine.ts';

export { formatReward } from '../reward/format.ts';
export { DEFAULT_ALPHA, geoAccuracy } from '../reward/geo-accuracy.ts';
export { type DistanceShape, geoDistance, shapedValue, tauAt } from '../reward/geo-distance.ts';
export { type LengthLimits, lengthReward, overlongPenalty } from '../reward/length.ts';
export { localizability, type LocalizabilityOptions } from '../reward/localizability.ts';
export { DEFAULT_GUARDS, visualGrounding, type VisualGroundingGuards } from '../reward/visual-grounding.ts';
export { verifiedGrounding, type VerifiedGroundingOptions } from '../reward/verified-grounding.ts';

export { type ClaimScore, claimScore, type ClaimScoreOptions } from '../grounding/claim-score.ts';
export { type Grounder } from '../grounding/grounding.ts';
export { openGrounder } from '../grounding/entity-grounder.ts';

export { type GroupStatistics, groupStatistics } from '../reward/group-statistics.ts';
export { serviceReward, type ServiceRewardOptions } from '../reward/service-reward.ts';
export { type Clock, systemClock } from '../service/clock.ts';
