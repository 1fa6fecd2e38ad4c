/** Loaded before the tests when CHATELAINE_SEED is set: the same examples in every run, so that a gate cannot flicker. */
import fc from 'fast-check';

const seed = Number(process.env['CHATELAINE_SEED']);
if (!Number.isSafeInteger(seed)) throw new Error('CHATELAINE_SEED must be a whole number.');
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
