import { concat, toBase64 } from '#kernel';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { treeError } from './errors.ts';
import { HASH_BYTES, leafHash } from './merkle.ts';
import { type Proof, verifyInclusion } from './proof.ts';
import { exactBase64, exactDecimal, exactText } from './text.ts';
import { encodeBundle } from './tiles.ts';
import type { VerifierKey } from './verifier-key.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A path of 53 hashes, an entry, its opening and a checkpoint with many cosignatures stay far below. */
const MAX_PROOF_FILE_BYTES = 1_048_576;

/**
 * Everything that shows, offline and with the public key alone, that an entry stands in the log (C2SP tlog-proof):
 *
 *     c2sp.org/tlog-proof@v1
 *     extra <base64>            length of the entry (2 bytes, big-endian) ‖ entry ‖ opening
 *     index <decimal>
 *     <base64 of 32 bytes>      inclusion path from the leaf's sibling up, one a line
 *     (empty line)
 *     checkpoint, a signed note, byte for byte
 */
export type ProofFile = {
  readonly index: number;
  /** The published entry. */
  readonly entry: Uint8Array;
  /** What opens the entry's commitment, or nothing. Only the entry is proven: compare the opening with it. */
  readonly opening: Uint8Array;
  readonly path: Proof;
  /** The signed note. */
  readonly checkpoint: string;
};

export const formatProofFile = ({ index, entry, opening, path, checkpoint }: ProofFile): string =>
  [
    HEADER,
    `extra ${toBase64(concat(encodeBundle([entry]), opening))}`,
    `index ${index}`,
    ...path.map(toBase64),
    '',
    checkpoint,
  ].join('\n');

/** Takes a proof file apart; believes nothing in it. */
export const parseProofFile = (file: string | Uint8Array): ProofFile => {
  if (file.length > MAX_PROOF_FILE_BYTES) throw malformed(`it is longer than ${MAX_PROOF_FILE_BYTES} bytes`);
  const text = typeof file === 'string' ? file : exactText(file);
  const split = text?.indexOf('\n\n') ?? -1;
  if (text === null || split < 0) throw malformed('it has no empty line before the checkpoint');
  const [header, extraLine = '', indexLine = '', ...pathLines] = text.slice(0, split).split('\n');
  if (header !== HEADER) throw malformed(`it does not begin with ${HEADER}`);
  const extra = extraLine.startsWith('extra ') ? exactBase64(extraLine.slice(6)) : null;
  if (extra === null) throw malformed('its second line does not carry the entry');
  const index = indexLine.startsWith('index ') ? exactDecimal(indexLine.slice(6)) : null;
  if (index === null) throw malformed('its third line does not give the index');
  const path = pathLines.map((line) => {
    const hash = exactBase64(line);
    if (hash === null || hash.length !== HASH_BYTES) throw malformed('a line of its path is not 32 bytes in base64');
    return hash;
  });
  return { index, ...splitExtra(extra), path, checkpoint: text.slice(split + 2) };
};

export type ProvenEntry = {
  readonly index: number;
  readonly entry: Uint8Array;
  readonly opening: Uint8Array;
  readonly checkpoint: Checkpoint;
};

/** The entry of a proof file, after its path and its checkpoint were checked against the log's key. */
export const verifyProofFile = (file: string | Uint8Array, key: VerifierKey): ProvenEntry => {
  const { index, entry, opening, path, checkpoint: note } = parseProofFile(file);
  const checkpoint = openCheckpoint(note, key);
  const { size, root } = checkpoint;
  if (!verifyInclusion({ leaf: leafHash(entry), index, size, proof: path, root }))
    throw treeError('proof_wrong', `The file does not prove that its entry is entry ${index} of ${size}.`, {
      index,
      size,
    });
  return { index, entry, opening, checkpoint };
};

const splitExtra = (extra: Uint8Array): { entry: Uint8Array; opening: Uint8Array } => {
  const end = extra.length < 2 ? Infinity : 2 + new DataView(extra.buffer).getUint16(0);
  if (end > extra.length) throw malformed('its entry is cut off');
  return { entry: extra.slice(2, end), opening: extra.slice(end) };
};

const malformed = (why: string) => treeError('proof_malformed', `This is not a proof file: ${why}.`);
