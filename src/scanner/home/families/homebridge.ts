import { aboutKind } from '../about.ts';
import { type About, type Claim, type Family, claim, facts, openToOthers } from '../claim.ts';
import { textAt } from '../home-file.ts';
import { judged } from '../judged.ts';

const VENDOR = 'Homebridge';

const PLUGIN: Partial<About> = { vendor: VENDOR };
const CODE: About = {
  ...aboutKind('homekit-code', 'homebridge'),
  rule: 'homebridge-pin',
  vendor: VENDOR,
  title: 'Setup code of a Homebridge bridge',
};
const ACCESSORY: About = {
  rule: 'homekit-accessory-key',
  title: 'Long-term key of a HomeKit accessory',
  vendor: 'HomeKit',
  kind: 'private-key',
  opens: 'stands in for the accessory towards every paired home',
  remedy:
    'Remove the bridge in the Home app, delete its AccessoryInfo and IdentifierCache files in persist, start, and pair again.',
};
const CONTROLLER: About = {
  ...ACCESSORY,
  rule: 'homekit-controller-key',
  title: 'Long-term key of a HomeKit controller',
  opens: 'every accessory that this controller is paired with: locks, too',
  remedy: 'Remove the pairings from a second controller, then pair again.',
};
const UI_SECRET: About = {
  rule: 'homebridge-ui-secret',
  title: 'Key that signs sessions of the Homebridge UI',
  vendor: VENDOR,
  kind: 'signing-key',
  opens: 'the Homebridge UI as any user, its terminal included',
  remedy: 'Delete .uix-secrets and restart the UI: it makes a new key and everybody signs in again.',
};
const UI_USER: About = {
  rule: 'homebridge-ui-hash',
  title: 'Password hash of a Homebridge UI user',
  vendor: VENDOR,
  kind: 'password-hash',
  opens: 'the Homebridge UI, once the password is guessed offline',
  remedy: 'Change the password under Users in the Homebridge UI.',
};

/** `config.json` (HB-01): every plugin can read all of it (homebridge/homebridge#3757). */
export const homebridgeConfiguration: Family = {
  id: 'homebridge',
  reads: ({ base, text }) =>
    base.endsWith('.json') && /"bridge"\s*:/.test(text) && /"(?:platforms|accessories)"\s*:/.test(text),
  find(file) {
    const values = file.json();
    return judged(file, {
      system: 'homebridge',
      refine(value, kind) {
        const path = value.keyPath.join('.');
        if (/(?:^|\.)(?:bridge|_bridge)\.pin$/.test(path)) return { about: CODE, confidence: 'certain' };
        const [list = '', index = ''] = value.keyPath;
        const plugin = textAt(values, list, index, 'platform') ?? textAt(values, list, index, 'accessory');
        const about = aboutKind(kind, 'homebridge');
        return {
          about: {
            ...PLUGIN,
            title:
              plugin === undefined ? about.title : `${aboutKind(kind, null).title} of ${plugin}, kept by Homebridge`,
          },
          facts: facts({ plugin }),
          also: [{ code: 'shared-with-plugins', why: 'every plugin of this Homebridge can read it' }],
        };
      },
    });
  },
};

/** `persist/AccessoryInfo.*.json` and `ControllerInfo.*` (homebridge/HAP-NodeJS, lib/model/AccessoryInfo.ts). */
export const homekitPersist: Family = {
  id: 'homekit-persist',
  reads: ({ text, base }) =>
    /"signSk"|"AccessoryLTSK"|"iOSDeviceLTSK"|"ios_device_ltsk"/i.test(text) ||
    (/^homekit\..*\.state$/.test(base) && /"private_key"/.test(text)),
  find(file) {
    const values = file.json();
    return values.flatMap((value): readonly Claim[] => {
      const field = value.keyPath.at(-1) ?? '';
      const at = (name: string) => textAt(values, ...value.keyPath.slice(0, -1), name);
      if (field === 'signSk' && /^[\da-f]{128}$/i.test(value.text))
        return [
          claim(ACCESSORY, value, {
            why: 'stands as signSk, an Ed25519 secret key',
            facts: facts({ accessory: at('displayName') }),
            also: openToOthers(file),
          }),
        ];
      // pyhap (Home Assistant's HomeKit bridge): 32 bytes in hex.
      if (field === 'private_key' && /^[\da-f]{64}$/i.test(value.text))
        return [
          claim(ACCESSORY, value, { why: 'stands as the private key of a HomeKit bridge', also: openToOthers(file) }),
        ];
      if (/^(?:iOSDeviceLTSK|ios_device_ltsk)$/.test(field) && /^[\da-f]{64,128}$/i.test(value.text))
        return [
          claim(CONTROLLER, value, {
            why: 'stands as the long-term secret key of a controller',
            facts: facts({ accessory: at('AccessoryPairingID') }),
            also: openToOthers(file),
          }),
        ];
      if (field === 'pincode' && /^\d{3}-\d{2}-\d{3}$/.test(value.text))
        return [claim(CODE, value, { why: 'stands as the setup code' })];
      return [];
    });
  },
};

/** `.uix-secrets` and `auth.json` of the UI (homebridge-config-ui-x, core/config and auth). */
export const homebridgeUi: Family = {
  id: 'homebridge-ui',
  reads: ({ base, text }) => base === '.uix-secrets' || (base === 'auth.json' && /"hashedPassword"/.test(text)),
  find(file) {
    const values = file.json();
    return values.flatMap((value): readonly Claim[] => {
      const field = value.keyPath.at(-1);
      if (field === 'secretKey')
        return [claim(UI_SECRET, value, { why: 'stands as the secret of the UI', also: openToOthers(file) })];
      if (field === 'salt') return [{ start: value.start, end: value.end, plain: true }];
      if (field === 'hashedPassword')
        return [
          claim(UI_USER, value, {
            why: 'stands as the password hash of a user',
            facts: facts({ user: textAt(values, ...value.keyPath.slice(0, -1), 'username') }),
          }),
        ];
      if (field === 'otpSecret')
        return [
          claim(
            {
              ...UI_SECRET,
              rule: 'homebridge-ui-second-factor',
              title: 'Secret of the second factor of a Homebridge UI user',
              kind: 'shared-secret',
              opens: 'the six digits that prove the second factor',
              remedy: 'Turn the second factor off and on again under your profile.',
            },
            value,
            { why: 'stands as the secret of one-time codes' },
          ),
        ];
      return [];
    });
  },
};
