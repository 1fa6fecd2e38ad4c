import { type About, type Claim, type Family, claim, facts, openToOthers } from '../claim.ts';
import type { HomeFile } from '../home-file.ts';

const CA: About = {
  rule: 'matter-controller-key',
  title: 'Key that a Matter controller signs its fabric with',
  vendor: 'Matter',
  kind: 'private-key',
  opens: 'every device of the fabric: it makes certificates of new controllers',
  remedy:
    'Remove the fabric from each device (RemoveFabric; matter.js: node.decommission()), begin a new fabric with an empty storage, commission again.',
};
const NODE: About = {
  ...CA,
  rule: 'matter-operational-key',
  title: 'Operational key of a Matter node',
  opens: 'stands in for that node in its fabric',
};
const IPK: About = {
  ...CA,
  rule: 'matter-ipk',
  kind: 'shared-secret',
  title: 'Identity protection key of a Matter fabric',
  opens: 'finding and addressing the nodes of the fabric, and its group messages',
};
const RESUMPTION: About = {
  ...CA,
  rule: 'matter-resumption-secret',
  kind: 'shared-secret',
  tier: 'silver',
  title: 'Resumption secrets of Matter sessions',
  opens: 'sessions of that controller, without its certificate',
  remedy: 'Delete the file while the controller is stopped: sessions are made anew.',
};
const PASSCODE: About = {
  rule: 'matter-stored-passcode',
  title: 'Setup passcode of a Matter device',
  vendor: 'Matter',
  kind: 'matter-passcode',
  tier: 'silver',
  opens: 'commissioning that device while its window is open',
  remedy: 'Give the device another passcode (its factory data), and keep the storage out of sight.',
};

/**
 * matter.js stores one value per file, named for its context (`certificates.rootKeyPair`); bytes are an object of
 * `__object__` and `__value__` in hex, written as a string (packages/general, storage/StringifyTools). In one file of
 * JSON they stand under the same names.
 */
const STORED =
  /(?:^|\/)(?:[\w-]+\.)*(certificates\.rootKeyPair|certificates\.rootKeyPairBytes|credentials\.rootKeyPair|fabrics\.fabrics?|root\.commissioning\.(?:passcode|fabrics)|sessions\.resumptionRecords|commissioning\.passcode)$/i;

const PRIVATE =
  /privateKey\\*"\s*:\s*\\*"?\{?(?:[^{}]{0,60}__value__\\*"\s*:\s*\\*")?([\da-f]{64}|[\w+/]{43}=)(?=\\*")/gi;
const IPK_VALUE =
  /(?:identityProtectionKey|operationalIdentityProtectionKey)\\*"\s*:\s*\\*"?\{?(?:[^{}]{0,60}__value__\\*"\s*:\s*\\*")?([\da-f]{32})(?=\\*")/gi;
const SECRET_VALUE =
  /sharedSecret\\*"\s*:\s*\\*"?\{?(?:[^{}]{0,60}__value__\\*"\s*:\s*\\*")?([\da-f]{32,64})(?=\\*")/gi;

export const matterJs: Family = {
  id: 'matter-js',
  reads: ({ path, text }) => STORED.test(path) || (/rootKeyPair|rootCertBytes/.test(text) && /privateKey/.test(text)),
  find(file) {
    const also = openToOthers(file);
    const name = STORED.exec(file.path)?.[1] ?? '';
    const isFabric = /fabric/i.test(name);
    const claims: Claim[] = [
      ...matches(file, PRIVATE, isFabric ? NODE : CA, 'stands as a private key in a storage of matter.js', also),
      ...matches(file, IPK_VALUE, IPK, 'stands as the identity protection key of a fabric', also),
      ...matches(file, SECRET_VALUE, RESUMPTION, 'stands as a shared secret of a session', also),
    ];
    if (/passcode$/i.test(name)) {
      const match = /^\s*"?(\d{1,8})"?\s*$/.exec(file.text);
      if (match !== null) {
        const start = file.text.indexOf(match[1]!);
        claims.push(
          claim(
            PASSCODE,
            { keyPath: [name], text: match[1]!, start, end: start + match[1]!.length },
            { why: 'stands as the passcode of the device', also },
          ),
        );
      }
    }
    return claims;
  },
};

const matches = (
  file: HomeFile,
  pattern: RegExp,
  about: About,
  why: string,
  also: ReturnType<typeof openToOthers>,
): readonly Claim[] =>
  Array.from(file.text.matchAll(pattern), (match) => {
    const value = match[1]!;
    const start = match.index + match[0].length - value.length;
    const field = /^\w+/.exec(match[0])![0];
    return claim(about, { keyPath: [field], text: value, start, end: start + value.length }, { why, also });
  });

/** Names of connectedhomeip: ExampleOperationalCredentialsIssuer.cpp, DefaultStorageKeyAllocator.h. */
const CHIP_LINE =
  /["']?((?:g\/|f\/[\da-f]{1,4}\/)?(?:ExampleOpCreds(?:I?CA)Key\d{0,4}|ExampleCARootKey\w*|o|k\/[\da-f]{1,4}|ipk))["']?[ \t]*[=:][ \t]*["']?([\w+/]{40,400}={0,2})["']?/g;
/** A P-256 key pair as connectedhomeip serialises it: 65 bytes public, 32 private. */
const KEY_PAIR = 97;

/** `chip_kvs`, `chip_tool_kvs`, `chip_tool_config.ini`, `chip_config.ini`, `chip.json` of the Python controller (MA-02). */
export const chip: Family = {
  id: 'matter-chip',
  reads: ({ text, base }) =>
    /ExampleOpCreds(?:I?CA)Key/.test(text) ||
    (/^chip_\w+(?:\.\w+)*$/.test(base) && /^(?:f|g)\/|\[Default\]/m.test(text)),
  find(file) {
    const also = openToOthers(file);
    return Array.from(file.text.matchAll(CHIP_LINE), (match): Claim | null => {
      const [whole, name = '', value = ''] = match;
      const bytes = Buffer.from(value, 'base64');
      const isAuthority = name.startsWith('Example');
      if (isAuthority ? bytes.length !== KEY_PAIR || bytes[0] !== 4 : !name.includes('/') || bytes.length < 32)
        return null;
      const start = match.index + whole.lastIndexOf(value);
      return claim(
        isAuthority ? CA : NODE,
        { keyPath: [name], text: value, start, end: start + value.length },
        {
          why: isAuthority
            ? 'a P-256 key pair under the name of the example issuer'
            : 'stands as the operational key of a fabric',
          facts: facts({ bytes: String(bytes.length) }),
          also: [
            ...(isAuthority
              ? [
                  {
                    code: 'example-issuer',
                    why: 'the example issuer of connectedhomeip keeps its keys in clear: not for production',
                  },
                ]
              : []),
            ...also,
          ],
        },
      );
    }).filter((one) => one !== null);
  },
};

const MAKER: About = {
  rule: 'matter-attestation-key',
  title: 'Device attestation key of Matter',
  vendor: 'Matter',
  kind: 'private-key',
  rotation: 'none',
  opens: 'genuine-looking devices of that maker',
  remedy:
    'Revoke its certificate in the Distributed Compliance Ledger through the issuing PAI; devices that carry it cannot change it.',
};
/** Names of the standard's tools (`Chip-Test-DAC-…-Key.pem`, esp-matter-mfg-tool): a key beside DAC, PAI or PAA. */
const MAKER_NAME = /(?:^|[_-])(dac|pai|paa)(?:[_-]|\b)/i;

/** DAC, PAI and PAA keys as DER or PEM (MA-03). */
export const matterMaker: Family = {
  id: 'matter-maker',
  reads: ({ base, bytes }) =>
    MAKER_NAME.test(base) && /key/i.test(base) && /\.(?:pem|der|key)$/.test(base) && bytes.length <= 8192,
  find(file) {
    const [, which = ''] = MAKER_NAME.exec(file.base)!;
    const isTestKey = /test|fff[1-4]/i.test(file.base);
    const isDer = file.text === '' || file.bytes[0] === 0x30;
    const match = isDer
      ? null
      : /-----BEGIN (?:EC )?PRIVATE KEY-----[\s\S]{40,4000}?-----END (?:EC )?PRIVATE KEY-----/.exec(file.text);
    if (!isDer && match === null) return [];
    if (isDer && !hasEcKey(file.bytes)) return [];
    const text = isDer ? Buffer.from(file.bytes).toString('base64') : match![0];
    const end = isDer ? (file.text === '' ? file.bytes.length : file.text.length) : match!.index + match![0].length;
    return [
      claim(
        { ...MAKER, title: `${which.toUpperCase()} key of Matter` },
        { keyPath: [file.base], text, start: match?.index ?? 0, end },
        {
          why: `an EC key in a file named for ${which.toUpperCase()}`,
          confidence: isTestKey ? 'note' : 'certain',
          also: [
            ...(isTestKey ? [{ code: 'test-key', why: 'a key of the standard’s tests: never in a release' }] : []),
            ...openToOthers(file),
          ],
        },
      ),
    ];
  },
};

/** ECPrivateKey (RFC 5915): SEQUENCE, INTEGER 1, OCTET STRING of 32; or the same inside PKCS #8. */
const hasEcKey = (bytes: Uint8Array): boolean => {
  const head = Buffer.from(bytes.subarray(0, 64)).toString('hex');
  return bytes[0] === 0x30 && head.includes('0201010420');
};
