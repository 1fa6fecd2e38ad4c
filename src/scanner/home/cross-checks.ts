import type { Discovery, Finding } from '../finding.ts';

type Also = Finding['also'][number];

/**
 * What only the whole scan shows: the same value in several places that should each have their own, and a key beside
 * what it opens. Takes the findings grouped by value, gives them back with what is also wrong; changes nothing else.
 */
export const crossChecks = (discoveries: readonly Discovery[]): readonly Discovery[] => {
  const sealed = new Set(
    discoveries.flatMap((one) => (one.rule === SEALED_FLOWS ? one.occurrences.map(({ path }) => folderOf(path)) : [])),
  );
  return discoveries.map((one) => {
    const also = [...sharedByDevices(one), ...usedTwice(one), ...besideWhatItOpens(one, sealed)].filter(
      ({ code }) => !one.also.some((known) => known.code === code),
    );
    return also.length === 0 ? one : { ...one, also: [...one.also, ...also] };
  });
};

const SEALED_FLOWS = 'node-red-encrypted-credentials';

/** Rules whose values should be one device's only: ESPHome's keys, local keys, hotspots. */
const PER_DEVICE =
  /^(?:esphome-(?:api-key|ota-password|ota-key|api-password|web-password|fallback-passphrase)|tuya-local-key|shelly-ha1|mosquitto-(?:password|dynamic-security)-hash|zigbee-link-key)$/;

const sharedByDevices = ({ rule, occurrences }: Discovery): readonly Also[] => {
  if (!PER_DEVICE.test(rule)) return [];
  // Home Assistant keeps a copy of the key by design.
  const files = new Set(
    occurrences.flatMap(({ path }) => (/\.ya?ml$/.test(path) && !/secrets/.test(path) ? [path] : [])),
  );
  const names = new Set(occurrences.map(({ path, name }) => `${path} ${name ?? ''}`));
  const count = rule.startsWith('esphome') ? files.size : names.size;
  return count < 2
    ? []
    : [
        {
          code: 'shared-by-devices',
          why: `${count} devices have it: whoever opens one opens all; make one per device`,
        },
      ];
};

/** Last words of names that say nothing of the purpose. */
const PLAIN_NAME = /^(?:\d+|value|default|literal|environment|env|data|options|services?)$/i;

/** One password for Wi-Fi and broker: the purposes that its names tell. */
const usedTwice = ({ occurrences, kind }: Discovery): readonly Also[] => {
  if (kind === 'plain') return [];
  const purposes = new Set(occurrences.flatMap(({ name }) => purposeOf(name)));
  return purposes.size < 2
    ? []
    : [{ code: 'reused', why: `stands for ${[...purposes].toSorted().join(' and ')}: one leak opens all of them` }];
};

const PURPOSES: readonly (readonly [pattern: RegExp, purpose: string])[] = [
  [/wifi|wlan|\bwpa|sta_pass|\bap\.|_ap_|hotspot/i, 'Wi-Fi'],
  [/mqtt|mosquitto|broker/i, 'the broker'],
  [/\bota\b|^ota|_ota/i, 'updates'],
  [/mariadb|mysql|postgres|influx|\bdb_|database/i, 'a database'],
  [/web_server|frontend|http_pass/i, 'a web page'],
  [/camera|rtsp|onvif/i, 'cameras'],
  [/alarm|lock|garage|gate_code/i, 'locks'],
];

const purposeOf = (name: string | null): readonly string[] => {
  if (name === null || PLAIN_NAME.test(name)) return [];
  const found = PURPOSES.find(([pattern]) => pattern.test(name));
  return found === undefined ? [] : [found[1]];
};

const besideWhatItOpens = ({ kind, occurrences }: Discovery, sealed: ReadonlySet<string>): readonly Also[] =>
  kind === 'credential-secret' && occurrences.some(({ path }) => sealed.has(folderOf(path)))
    ? [
        {
          code: 'key-beside-lock',
          why: 'lies in the same folder as the flows_cred.json that it opens: together they are clear text',
        },
      ]
    : [];

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
