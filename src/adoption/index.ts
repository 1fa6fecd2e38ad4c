export { adopt } from './adopt.ts';
export { adoptionError } from './errors.ts';
export type { Adopt, Adopted, AdoptedOne, Found, Gap } from './found.ts';
export { GRACE } from './note-findings.ts';
export { confirmOriginals, keepOriginal, listOriginals, showOriginal } from './originals.ts';
export type { AdoptPorts, AdoptionPorts, Guesses } from './ports.ts';
export {
  type OpenedRendering,
  type RenderingPlan,
  forgetRenderings,
  keepRenderings,
  listRenderings,
  markRendered,
  openRenderings,
} from './renderings.ts';
export { adoptionDeeds } from './deeds.ts';
