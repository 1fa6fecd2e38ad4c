import type { KindId } from '#catalogue';
import { aboutKind } from '../about.ts';
import { type About, type Claim, type Family, claim, facts, setting } from '../claim.ts';
import { type HomeFile, type Value, below, textAt } from '../home-file.ts';
import { judged } from '../judged.ts';

const VENDOR = 'Home Assistant';

const BACKUP: About = {
  ...aboutKind('backup-key', 'home-assistant'),
  rule: 'home-assistant-backup-key',
  title: 'Encryption key of Home Assistant’s backups',
};
const APPLICATION: About = {
  ...aboutKind('client-secret', 'home-assistant'),
  rule: 'home-assistant-application-credential',
  title: 'Client secret kept in Home Assistant’s application credentials',
};
const CLOUD_PIN: About = {
  ...aboutKind('pin', 'nabu-casa'),
  rule: 'home-assistant-cloud-pin',
  title: 'PIN that Google asks for locks and doors',
  opens: 'locks, doors and alarms through Google Assistant',
  remedy: 'Set another PIN under Settings, Home Assistant Cloud, Google Assistant.',
};
const CLOUD_HOOK: About = {
  ...aboutKind('webhook-id', 'nabu-casa'),
  rule: 'nabu-casa-cloudhook',
  title: 'Webhook at Nabu Casa',
  remedy: 'Turn the webhook off under Settings, Home Assistant Cloud, Webhooks, and give the automation a new id.',
};
const CLOUD_TOKEN: About = {
  ...aboutKind('refresh-token', 'nabu-casa'),
  rule: 'nabu-casa-account-token',
  title: 'Token of a Home Assistant Cloud account',
  tier: 'gold',
  opens: 'the account at Nabu Casa: remote access to the home, webhooks, voice',
  remedy:
    'Sign out and in under Settings, Home Assistant Cloud, and change the password of the account at https://account.nabucasa.com: that ends old tokens.',
};
const OPEN_ONBOARDING = {
  rule: 'home-assistant-open-onboarding',
  title: 'Home Assistant that waits for its owner',
  vendor: VENDOR,
  tier: 'gold',
  opens: 'the whole home to whoever opens its page first and makes the first user',
  remedy: 'Finish the first steps in the browser now, or stop it until you can.',
} as const;
const ENTRY_SUFFIX = 'kept by Home Assistant';

/** Config entries, application credentials, cloud, backup, mobile app, dashboards: whatever lies in `.storage`. */
export const homeAssistantStorage: Family = {
  id: 'home-assistant-storage',
  reads: ({ base, folder, text }) =>
    folder.endsWith('/.cloud/') ||
    (folder.endsWith('/.storage/') && !/\.(?:bak|tmp|log)$/.test(base)) ||
    (/"key": ?"core\.config_entries"/.test(text) && /"entries"/.test(text)),
  find(file) {
    const values = file.json();
    const key = textAt(values, 'key') ?? file.base;
    if (file.folder.endsWith('/.cloud/')) return account(values);
    const named = STORES[key]?.(values) ?? [];
    const rest = key === 'core.config_entries' ? entries(file, values) : judged(file, { system: 'home-assistant' });
    return [...named, ...rest];
  },
};

const certain = (about: About, value: Value, why: string, more: Readonly<Record<string, string | undefined>> = {}) =>
  claim(about, value, { why, facts: facts(more) });

/** hass_nabucasa writes id_token, access_token and refresh_token to `.cloud/production_auth.json`. */
const account = (values: readonly Value[]): readonly Claim[] =>
  values
    .filter(({ keyPath }) => /^(?:id_token|access_token|refresh_token)$/.test(keyPath.join('.')))
    .map((value) => certain(CLOUD_TOKEN, value, 'stands in the file where Home Assistant keeps its cloud account'));

/** Per store (components/…/const.py name its keys): what stands where. */
const STORES: Readonly<Record<string, (values: readonly Value[]) => readonly Claim[]>> = {
  application_credentials: (values) =>
    below(values, 'data', 'items').flatMap((value) => {
      const [, , index = '', field] = value.keyPath;
      if (field !== 'client_secret') return [];
      const at = (name: string) => textAt(values, 'data', 'items', index, name);
      return [
        certain(APPLICATION, value, 'stands as the client secret of an application', {
          integration: at('domain'),
          'client id': at('client_id'),
        }),
      ];
    }),
  onboarding: (values) => {
    const steps = below(values, 'data', 'done').map(({ text }) => text);
    const place = values.find(({ keyPath }) => keyPath.join() === 'key');
    return place === undefined || steps.includes('user')
      ? []
      : [
          setting(
            OPEN_ONBOARDING,
            { ...place, written: 'onboarding without user' },
            { why: 'nobody has made the first user yet' },
          ),
        ];
  },
  backup: (values) =>
    below(values, 'data', 'config', 'create_backup', 'password').map((value) =>
      certain(BACKUP, value, 'stands as the key of automatic backups'),
    ),
  cloud: (values) =>
    below(values, 'data').flatMap((value): readonly Claim[] => {
      const field = value.keyPath.at(-1);
      if (field === 'google_secure_devices_pin')
        return [certain(CLOUD_PIN, value, 'stands as the PIN of secure devices')];
      if (field === 'cloudhook_url' || field === 'cloudhook_id' || (field === 'webhook_id' && value.text.length > 7))
        return [certain(CLOUD_HOOK, value, 'stands as a webhook that Nabu Casa forwards')];
      return [];
    }),
};

/** `data` and `options` of each entry, with the integration that owns it; a copy in `options` may be stale. */
const entries = (file: HomeFile, values: readonly Value[]): readonly Claim[] => {
  const copies = new Map<string, Set<string>>();
  for (const { keyPath, text } of below(values, 'data', 'entries'))
    if (keyPath.length >= 5 && text.length >= 6) {
      const places = copies.get(text) ?? new Set();
      copies.set(text, places.add(`${keyPath[2]}.${keyPath[3]}`));
    }
  return judged(file, {
    system: 'home-assistant',
    leaf: ({ keyPath }) => keyPath[1] === 'entries' && /^(?:data|options|subentries)$/.test(keyPath[3] ?? ''),
    refine(value, kind) {
      const index = value.keyPath[2]!;
      const at = (name: string) => textAt(values, 'data', 'entries', index, name);
      const domain = at('domain') ?? 'an integration';
      const about = aboutEntry(kind, domain);
      const isTwice =
        copies.get(value.text)?.has(`${index}.data`) === true &&
        copies.get(value.text)?.has(`${index}.options`) === true;
      return {
        marked: true,
        about: {
          ...about,
          remedy: `${about.remedy} Then give the new one to Home Assistant: Settings, Devices & services, ${domain}, Reconfigure.`,
        },
        facts: facts({ integration: domain, entry: at('title'), 'entry id': at('entry_id') }),
        also: isTwice
          ? [{ code: 'second-copy', why: 'stands in data and again in options of the same entry: change both' }]
          : [],
        confidence: 'certain',
      };
    },
  });
};

/** `ESPHome API encryption key` needs no `of esphome`. */
const isNamed = (title: string, domain: string): boolean => title.toLowerCase().includes(domain.toLowerCase());

const aboutEntry = (kind: KindId, domain: string): About => {
  const about = aboutKind(domain === 'mqtt' && kind === 'password' ? 'mqtt-password' : kind, null);
  return {
    ...about,
    rule: `home-assistant-entry-${about.kind}`,
    vendor: VENDOR,
    title: `${about.title}${isNamed(about.title, domain) ? '' : ` of ${domain}`}, ${ENTRY_SUFFIX}`,
    tier: domain === 'mobile_app' ? 'bronze' : (about.tier ?? 'silver'),
  };
};
