/** What a Thread operational dataset holds that opens the network (Thread specification, section 8.10; OpenThread, meshcop_tlvs.hpp). */
export type ThreadDataset = {
  readonly networkKey: string | null;
  readonly pskc: string | null;
  readonly networkName: string | null;
  readonly channel: number | null;
  readonly panId: string | null;
};

const TYPES = {
  channel: 0,
  panId: 1,
  extendedPanId: 2,
  networkName: 3,
  pskc: 4,
  networkKey: 5,
  meshLocalPrefix: 7,
  activeTimestamp: 14,
};

/** Sizes that the standard fixes, by type: what has another one is no dataset. */
const SIZES: Readonly<Record<number, number>> = { 0: 3, 1: 2, 2: 8, 4: 16, 5: 16, 7: 8, 14: 8, 51: 8, 52: 4 };

/** Longest dataset, in bytes (OpenThread, OT_OPERATIONAL_DATASET_MAX_LENGTH). */
const LONGEST = 254;

/** Reads hex of TLVs, each one byte of type, one of length. Null when it is no dataset with a key. */
export const readThreadDataset = (hex: string): ThreadDataset | null => {
  if (hex.length % 2 !== 0 || hex.length / 2 > LONGEST || !/^[\da-f]+$/i.test(hex)) return null;
  const bytes = Buffer.from(hex, 'hex');
  const found = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const type = bytes[at]!;
    const size = bytes[at + 1];
    if (size === undefined || at + 2 + size > bytes.length || found.has(type)) return null;
    const fixed = SIZES[type];
    if (fixed !== undefined && fixed !== size) return null;
    found.set(type, bytes.subarray(at + 2, at + 2 + size));
    at += 2 + size;
  }
  const of = (type: number): string | null => found.get(type)?.toString('hex') ?? null;
  const networkKey = of(TYPES.networkKey);
  const pskc = of(TYPES.pskc);
  if (found.size < 3 || (networkKey === null && pskc === null)) return null;
  const name = found.get(TYPES.networkName)?.toString('utf8') ?? null;
  return {
    networkKey,
    pskc,
    networkName: name !== null && /^[\x20-\x7e\u00a0-\uffff]{1,16}$/.test(name) ? name : null,
    channel: found.get(TYPES.channel)?.readUInt16BE(1) ?? null,
    panId: of(TYPES.panId),
  };
};

/** Of OpenThread's samples and command line documentation. */
export const SAMPLE_KEY = '00112233445566778899aabbccddeeff';
