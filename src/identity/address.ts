import { BlockList, isIP } from 'node:net';
import { identityError } from './errors.ts';

/** Most ranges on one token. */
const MAX_RANGES = 32;
const FAMILY = { 4: 'ipv4', 6: 'ipv6' } as const;
const BITS = { 4: 32, 6: 128 } as const;

/** Canonical CIDR texts; empty means anywhere. */
export type AddressRanges = readonly string[];

/** Reads `192.168.1.0/24`, `10.0.0.7`, `fd00::/8`; IPv4 written as IPv6 (RFC 4291 section 2.5.5.2) becomes IPv4. */
export const parseRanges = (texts: readonly string[]): AddressRanges => {
  if (texts.length > MAX_RANGES)
    throw identityError('malformed', `${texts.length} address ranges are too many; ${MAX_RANGES} are the most.`, {
      field: 'addresses',
    });
  return texts.map(parseRange);
};

/** True when a caller at this address is inside. A socket of this machine counts as its loopback. */
export const covers = (ranges: AddressRanges): ((address: string) => boolean) => {
  if (ranges.length === 0) return () => true;
  const list = new BlockList();
  for (const range of ranges) addTo(list, range);
  return (address) => {
    if (address === 'local') return list.check('127.0.0.1', 'ipv4') || list.check('::1', 'ipv6');
    const plain = normalise(address);
    return plain !== null && list.check(plain, FAMILY[familyOf(plain)]);
  };
};

/** True when every address of `inner` lies in `outer`. */
export const rangesWithin = (inner: AddressRanges, outer: AddressRanges): boolean =>
  outer.length === 0 || (inner.length > 0 && inner.every((range) => outer.some((wide) => rangeWithin(range, wide))));

const rangeWithin = (inner: string, outer: string): boolean => {
  const [network, bits] = split(inner);
  const [wide, wideBits] = split(outer);
  return familyOf(network) === familyOf(wide) && bits >= wideBits && covers([outer])(network);
};

const parseRange = (text: string): string => {
  const refuse = () =>
    identityError('malformed', `"${text.slice(0, 60)}" is not an address range such as 192.168.1.0/24.`, {
      field: 'addresses',
    });
  const [address = '', length, ...rest] = text.split('/');
  const plain = normalise(address);
  if (plain === null || rest.length > 0) throw refuse();
  const family = familyOf(plain);
  if (length === undefined) return `${plain}/${BITS[family]}`;
  if (!/^\d{1,3}$/.test(length)) throw refuse();
  // A prefix of an IPv4 address written as IPv6 counts from the 96 bits before it.
  const bits = Number(length) - (family === 4 && isIP(address) === 6 ? 96 : 0);
  if (bits < 0 || bits > BITS[family]) throw refuse();
  return `${plain}/${bits}`;
};

/** The address without zone, compressed, IPv4 where it is IPv4; null when it is none. */
const normalise = (text: string): string | null => {
  const address = text.split('%', 1)[0]!;
  const family = isIP(address);
  if (family !== 6) return family === 4 ? address : null;
  const compressed = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(compressed);
  if (mapped === null) return compressed;
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
};

const addTo = (list: BlockList, range: string): void => {
  const [network, bits] = split(range);
  list.addSubnet(network, bits, FAMILY[familyOf(network)]);
};

const split = (range: string): [string, number] => {
  const [network = '', bits = ''] = range.split('/');
  return [network, Number(bits)];
};

const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);
