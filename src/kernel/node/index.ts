export { systemClock } from './clock.ts';
export { makeFolder } from './folder.ts';
export { hmac, hmacOf } from './mac.ts';
export { systemRandom } from './random.ts';
export { ed25519Signer, generateEd25519Seed } from './signer.ts';
