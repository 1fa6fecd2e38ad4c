import { planFor } from '../open-plan.ts';
import { unknownMark } from './mask.ts';
import { replaceFound } from './replace-found.ts';

/** Whole lines are looked through together up to this many bytes; a longer line goes through in pieces of it. */
const MOST = 1024 * 1024;
/** A private key spans lines: from its first line on, lines wait for its last. */
const BEGIN = Buffer.from('-----BEGIN ');
const END = Buffer.from('-----END ');
/** No private key in armour is longer; what is, is let through as it is looked at. */
const LONGEST_KEY = 32 * 1024;

/** What stands where something could not be looked through to its end: nothing is shown on trust. */
const WITHHELD = Buffer.from('‹a part that could not be looked through›\n');

/** Looks through a stream of text line by line, so that somebody who follows a log sees it move. */
export const openRedaction = async () => {
  const plan = await planFor({});
  let rest: Buffer = Buffer.alloc(0);

  const through = async (bytes: Buffer): Promise<Uint8Array> => {
    if (bytes.length === 0) return bytes;
    const replaced = await replaceFound(plan, 'text.log', bytes, unknownMark);
    return replaced.complete ? replaced.bytes : WITHHELD;
  };
  const ready = (): number => {
    const lineEnd = rest.lastIndexOf(10) + 1;
    const begin = rest.subarray(0, lineEnd).lastIndexOf(BEGIN);
    if (begin !== -1 && rest.indexOf(END, begin) === -1 && rest.length - begin < LONGEST_KEY)
      return rest.lastIndexOf(10, begin) + 1;
    return lineEnd === 0 && rest.length > MOST ? rest.length : lineEnd;
  };

  return {
    async write(chunk: Uint8Array): Promise<Uint8Array> {
      rest = Buffer.concat([rest, chunk]);
      const upTo = ready();
      const whole = rest.subarray(0, upTo);
      rest = rest.subarray(upTo);
      return through(whole);
    },
    async end(chunk: Uint8Array): Promise<Uint8Array> {
      const last = Buffer.concat([rest, chunk]);
      rest = Buffer.alloc(0);
      return through(last);
    },
  };
};
