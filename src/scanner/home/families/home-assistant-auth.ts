import { type About, type Claim, type Family, claim, facts, openToOthers } from '../claim.ts';
import { type HomeFile, type Value, below, textAt } from '../home-file.ts';

/** Facts: home-assistant/core, homeassistant/auth (auth_store.py, models.py, providers/homeassistant.py, mfa_modules). */
const VENDOR = 'Home Assistant';

const REFRESH: About = {
  rule: 'home-assistant-refresh-token',
  title: 'Home Assistant refresh token',
  vendor: VENDOR,
  kind: 'ha-refresh-token',
  opens: 'new access tokens, and so the whole home, as that user',
  remedy: '',
};
const SIGNING: About = {
  rule: 'home-assistant-signing-key',
  title: 'Key that signs Home Assistant’s access tokens',
  vendor: VENDOR,
  kind: 'signing-key',
  opens: 'valid tokens of that user for whoever has it and the id beside it: the whole home',
  remedy: '',
};
const PASSWORD: About = {
  rule: 'home-assistant-password-hash',
  title: 'Password hash of a Home Assistant user',
  vendor: VENDOR,
  kind: 'bcrypt-hash',
  tier: 'gold',
  rotation: 'api',
  opens: 'the whole home as that user, once the password is guessed offline',
  remedy: '',
};
const SECOND_FACTOR: About = {
  rule: 'home-assistant-second-factor',
  title: 'Secret of the second factor of a Home Assistant user',
  vendor: VENDOR,
  kind: 'shared-secret',
  tier: 'gold',
  rotation: 'api',
  opens: 'the six digits that prove the second factor',
  remedy: 'Turn the second factor off and on again in the profile of that user: that makes a new secret.',
};

const LONG_LIFE_DAYS = 366;

/** `.storage/auth`, `.storage/auth_provider.homeassistant`, `.storage/auth_module.totp` and `.notify`. */
export const homeAssistantAuth: Family = {
  id: 'home-assistant-auth',
  reads: ({ base, folder, text }) =>
    (folder.endsWith('/.storage/') && base.startsWith('auth')) ||
    (/"jwt_key"/.test(text) && /"refresh_tokens"/.test(text)) ||
    /"key": ?"auth(?:_provider|_module)?[.a-z]*"/.test(text),
  find(file) {
    const values = file.json();
    const key = textAt(values, 'key') ?? file.base;
    if (key.startsWith('auth_provider.')) return passwords(values, file);
    if (key.startsWith('auth_module.')) return secondFactors(values, file);
    return key === 'auth' || /"jwt_key"/.test(file.text) ? tokens(values, file) : [];
  },
};

const tokens = (values: readonly Value[], file: HomeFile): readonly Claim[] =>
  below(values, 'data', 'refresh_tokens').flatMap((value): readonly Claim[] => {
    const [, , index = '', field] = value.keyPath;
    if (value.keyPath.length !== 4 || (field !== 'token' && field !== 'jwt_key')) return [];
    const at = (name: string) => textAt(values, 'data', 'refresh_tokens', index, name);
    const id = at('id') ?? '';
    const user = nameOfUser(values, at('user_id'));
    const life = Number(at('access_token_expiration') ?? 0) / 86_400;
    const kill = `Send {"type":"auth/delete_refresh_token","refresh_token_id":"${id}"} on the WebSocket API as ${user ?? 'that user'} (or profile, Security). If the whole file was seen, {"type":"auth/delete_all_refresh_tokens"} for every user: each line holds a key.`;
    const isLong = at('token_type') === 'long_lived_access_token';
    return [
      claim(field === 'token' ? REFRESH : SIGNING, value, {
        why:
          field === 'token' ? 'stands as a refresh token in the store of sign-ins' : 'signs the tokens of this entry',
        remedy: kill,
        facts: facts({
          'refresh token id': id,
          type: at('token_type'),
          client: at('client_name') ?? at('client_id'),
          user,
          made: at('created_at')?.slice(0, 10),
          'last used': at('last_used_at')?.slice(0, 10),
        }),
        also: [
          ...(isLong && life > LONG_LIFE_DAYS
            ? [{ code: 'long-life', why: `its access token lives ${Math.round(life / 365)} years` }]
            : []),
          ...openToOthers(file),
        ],
      }),
    ];
  });

const nameOfUser = (values: readonly Value[], id: string | undefined): string | undefined => {
  const user = below(values, 'data', 'users').find(({ keyPath, text }) => keyPath[3] === 'id' && text === id);
  return user === undefined ? undefined : textAt(values, 'data', 'users', user.keyPath[2]!, 'name');
};

/** `password` is base64 of a bcrypt hash (providers/homeassistant.py, hash_password). */
const passwords = (values: readonly Value[], file: HomeFile): readonly Claim[] =>
  below(values, 'data', 'users').flatMap((value): readonly Claim[] => {
    if (value.keyPath[3] !== 'password' || value.keyPath.length !== 4) return [];
    const hash = Buffer.from(value.text, 'base64').toString('latin1');
    const cost = /^\$2[abxy]\$(\d\d)\$/.exec(hash)?.[1];
    const user = textAt(values, 'data', 'users', value.keyPath[2]!, 'username');
    return [
      claim(PASSWORD, value, {
        why: 'stands as the password of a user in the store of sign-ins',
        remedy: `ha auth reset --username ${user ?? 'NAME'} --password …, or WebSocket config/auth_provider/homeassistant/admin_change_password.`,
        facts: facts({ user, cost }),
        also: [
          ...(cost !== undefined && Number(cost) < 10
            ? [{ code: 'weak-hash', why: `bcrypt of cost ${Number(cost)}; 12 is what Home Assistant makes today` }]
            : []),
          ...openToOthers(file),
        ],
      }),
    ];
  });

const secondFactors = (values: readonly Value[], file: HomeFile): readonly Claim[] =>
  below(values, 'data', 'users')
    .filter(
      ({ text, keyPath }) => /^[A-Z2-7]{16,64}$/.test(text) && !/^(?:target|notify_service)$/.test(keyPath.at(-1)!),
    )
    .map((value) =>
      claim(SECOND_FACTOR, value, {
        why: 'stands as the shared secret of the one-time codes of a user',
        facts: facts({ user: value.keyPath[2] }),
        also: openToOthers(file),
      }),
    );
