import { crc32, deflateRawSync } from 'node:zlib';

export type Entry = { readonly name: string } & (
  | { readonly bytes: Uint8Array; readonly stored?: boolean }
  /** Already compressed, as bombs are. */
  | { readonly packed: Uint8Array; readonly size: number; readonly sum: number }
);

/**
 * A zip archive (APPNOTE 6.3.10). `entries`: how many its directory says it has; `again`: so often the first member is
 * listed once more, at the same place.
 */
export const zipOf = (
  members: readonly Entry[],
  { again = 0, entries }: { readonly again?: number; readonly entries?: number } = {},
): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const { method, packed, size, sum } = packedOf(member);
    const name = Buffer.from(member.name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x800, 2);
    facts.writeUInt16LE(method, 4);
    facts.writeUInt32LE(sum, 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(size, 18);
    facts.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), facts, name, Buffer.from(packed));
    const end = Buffer.alloc(14);
    end.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, end, name]));
    at += 30 + name.length + packed.length;
  }
  for (let i = 0; i < again; i++) directory.push(directory[0]!);
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  const count = (entries ?? directory.length) % 65_536;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
};

const packedOf = (member: Entry): { method: number; packed: Uint8Array; size: number; sum: number } => {
  if ('packed' in member) return { method: 8, packed: member.packed, size: member.size, sum: member.sum };
  const { bytes, stored = false } = member;
  return {
    method: stored ? 0 : 8,
    packed: stored ? bytes : deflateRawSync(bytes),
    size: bytes.length,
    sum: crc32(bytes),
  };
};
