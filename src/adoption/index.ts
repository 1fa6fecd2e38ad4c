export { type Adopt, type Adopted, type AdoptedOne, type Found, GRACE, type Gap, adopt } from './adopt.ts';
export { adoptionError } from './errors.ts';
export { confirmOriginals, keepOriginal, listOriginals, showOriginal } from './originals.ts';
export type { AdoptionPorts } from './ports.ts';
export {
  type OpenedRendering,
  type RenderingPlan,
  forgetRenderings,
  keepRenderings,
  listRenderings,
  markRendered,
  openRenderings,
} from './renderings.ts';
