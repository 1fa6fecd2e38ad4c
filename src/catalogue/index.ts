export { type LeafContext, type Verdict, classifyLeaf } from './classify.ts';
export { type Embedded, findEmbedded } from './embedded.ts';
export { canGenerate, generate } from './generate.ts';
export { type Guideline, guidelineOf } from './guidelines.ts';
export { type GeneratorId, KINDS, type KindId, type KindRow, type RotationClass, isKindId, kindOf } from './kinds.ts';
export { type Change, SYSTEMS, type SystemId, type SystemRow, isSystemId } from './systems.ts';
export { type Reach, type TierRules, deriveTier, higherTier, tierRules } from './tiers.ts';
export { type Weakness, type WeaknessCode, weaknessOf } from './weakness.ts';
