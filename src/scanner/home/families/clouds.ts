import { aboutKind } from '../about.ts';
import { type About, type Claim, type Family, claim, facts, openToOthers } from '../claim.ts';
import { textAt } from '../home-file.ts';

const SERVICE_ACCOUNT: About = {
  rule: 'google-service-account-key',
  title: 'Key of a Google service account',
  vendor: 'Google',
  kind: 'private-key',
  opens: 'whatever that service account may do',
  remedy: '',
};

/** `{"type": "service_account", …}`: the key with the account that it opens (HA-15, GO-01). */
export const googleServiceAccount: Family = {
  id: 'google-service-account',
  reads: ({ text }) => /"type"\s*:\s*"service_account"/.test(text) && /"private_key"/.test(text),
  find(file) {
    const values = file.json();
    return values.flatMap((value): readonly Claim[] => {
      if (value.keyPath.at(-1) !== 'private_key' || !value.text.startsWith('-----BEGIN')) return [];
      const at = (name: string) => textAt(values, ...value.keyPath.slice(0, -1), name);
      const account = at('client_email');
      const id = at('private_key_id');
      const isHome = /home.?assistant|google_assistant|homegraph/i.test(file.path + (account ?? ''));
      return [
        claim(SERVICE_ACCOUNT, value, {
          why: 'stands as the private key of a service account',
          remedy: `gcloud iam service-accounts keys create NEW --iam-account ${account ?? 'ACCOUNT'}; put it in; then … keys delete ${id ?? 'KEY_ID'} --iam-account ${account ?? 'ACCOUNT'}.`,
          facts: facts({
            account,
            'key id': id,
            project: at('project_id'),
            used: isHome ? 'Google Assistant of Home Assistant' : undefined,
          }),
          also: openToOthers(file),
        }),
      ];
    });
  },
};

const AWS_IOT: About = {
  rule: 'aws-iot-private-key',
  title: 'Private key of an AWS IoT thing',
  vendor: 'AWS',
  kind: 'private-key',
  opens: 'the broker of AWS IoT as that thing, with its policy',
  remedy:
    'aws iot create-keys-and-certificate for a new one, attach the policy and thing, install it; then aws iot update-certificate --new-status INACTIVE (devices are cut off in minutes) and REVOKED.',
};
const CLAIM: About = {
  ...AWS_IOT,
  rule: 'aws-iot-claim-key',
  title: 'Claim key of AWS IoT fleet provisioning',
  opens: 'new things in the fleet, for whoever has it: it is the same in every device',
};

/** A whole key in armour, PKCS #1, SEC 1 or PKCS #8. */
const PEM = /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----[^-]{60,8000}-----END (?:RSA |EC )?PRIVATE KEY-----/g;

/** `<id>-private.pem.key` as the console names it; a claim certificate lies in firmware (AW-01). */
export const awsIot: Family = {
  id: 'aws-iot',
  reads: ({ base, folder, text }) =>
    /PRIVATE KEY-----/.test(text) &&
    (/private\.pem\.key$|^claim.*\.(?:pem|key)$/.test(base) ||
      (/\.(?:h|hpp|c|cpp|ino|py|json)$/.test(base) && /[\w-]{4,20}-ats\.iot\.[\w-]{5,20}\.amazonaws\.com/.test(text)) ||
      folder.includes('/aws_iot/')),
  find: (file) =>
    Array.from(file.text.matchAll(PEM), (match): Claim => {
      const isClaim =
        /claim/i.test(file.base) || /claim/i.test(file.text.slice(Math.max(0, match.index - 200), match.index));
      const endpoint = /[\w-]{4,20}-ats\.iot\.[\w-]{5,20}\.amazonaws\.com/.exec(file.text)?.[0];
      return claim(
        isClaim ? CLAIM : AWS_IOT,
        { keyPath: [file.base], text: match[0], start: match.index, end: match.index + match[0].length },
        {
          why:
            endpoint === undefined
              ? 'a private key named as AWS IoT names them'
              : 'a private key beside an endpoint of AWS IoT',
          facts: facts({ endpoint, thing: /^([\da-f]{10,64})-private/.exec(file.base)?.[1] }),
          also: openToOthers(file),
        },
      );
    }),
};

const GCP_IOT: About = {
  rule: 'gcp-iot-private-key',
  title: 'Device key for Google Cloud IoT Core',
  vendor: 'Google',
  kind: 'private-key',
  tier: 'bronze',
  opens: 'nothing any more at Google, and whatever else trusts the same key',
  remedy: 'Delete it: the service ended on 16 August 2023. Where the device moved on, give it a new key there.',
};

/** Keys beside the bridge of a service that has ended (GC-01). */
export const gcpIot: Family = {
  id: 'gcp-iot',
  reads: ({ text }) =>
    text.includes('PRIVATE KEY-----') && /mqtt\.googleapis\.com|cloudiotdevice\.googleapis/.test(text),
  find: (file) =>
    Array.from(file.text.matchAll(PEM), (match): Claim =>
      claim(
        GCP_IOT,
        { keyPath: [file.base], text: match[0], start: match.index, end: match.index + match[0].length },
        {
          why: 'a private key beside the address of Google Cloud IoT Core',
          also: [{ code: 'obsolete', why: 'the service that it was for has ended' }],
        },
      ),
    ),
};

const AZURE: About = {
  ...aboutKind('azure-shared-key', 'azure'),
  rule: 'azure-iot-connection-string',
  title: 'Connection string of Azure IoT',
};
const CONNECTION =
  /HostName=([\w.-]{3,100}\.azure-devices(?:-provisioning)?\.(?:net|cn|us))[^"'\r\n<>]{0,300}?SharedAccessKey=([\w+/]{20,88}={0,2})/gi;

/** `HostName=…;DeviceId=…|SharedAccessKeyName=…;SharedAccessKey=…` (AZ-01): which hub, which policy, what it may do. */
export const azureIot: Family = {
  id: 'azure-iot',
  reads: ({ text }) => /\.azure-devices/i.test(text) && /SharedAccessKey=/i.test(text),
  find: (file) =>
    Array.from(file.text.matchAll(CONNECTION), (match): Claim => {
      const [whole, host = '', key = ''] = match;
      const device = /DeviceId=([^;]{1,128})/i.exec(whole)?.[1];
      const policy = /SharedAccessKeyName=([^;]{1,64})/i.exec(whole)?.[1];
      const isOwner = /^(?:iothubowner|registryReadWrite|service|provisioningserviceowner)$/i.test(policy ?? '');
      const start = match.index + whole.length - key.length;
      const hub = host.split('.')[0]!;
      const renew =
        device === undefined
          ? `az iot hub policy renew-key --hub-name ${hub} --name ${policy ?? 'POLICY'} --renew-key secondary, move to the secondary, then renew primary.`
          : `az iot hub device-identity renew-key --hub-name ${hub} --device-id ${device} --key-type secondary, move the device, then renew primary.`;
      return claim(
        { ...AZURE, tier: isOwner ? 'gold' : 'silver' },
        { keyPath: ['SharedAccessKey'], text: key, start, end: start + key.length },
        {
          why: device === undefined ? `the key of policy ${policy ?? '?'} of a hub` : 'the key of one device of a hub',
          title: device === undefined ? `Key of policy ${policy ?? '?'} of Azure IoT` : 'Key of a device of Azure IoT',
          remedy: renew,
          facts: facts({ hub: host, device, policy }),
          also: isOwner
            ? [{ code: 'too-strong', why: 'this policy may read the keys of every device of the hub' }]
            : [],
        },
      );
    }),
};

const TUNNEL: About = {
  rule: 'cloudflare-tunnel-credentials',
  title: 'Credentials file of a Cloudflare tunnel',
  vendor: 'Cloudflare',
  kind: 'tunnel-token',
  tier: 'gold',
  opens: 'running the tunnel, and so what is behind it',
  remedy: '',
};

/** `<uuid>.json` of cloudflared: AccountTag, TunnelSecret, TunnelID (CF-01). */
export const cloudflareTunnel: Family = {
  id: 'cloudflare-tunnel',
  reads: ({ text }) => /"TunnelSecret"/.test(text),
  find(file) {
    const values = file.json();
    return values.flatMap((value): readonly Claim[] => {
      if (value.keyPath.at(-1) !== 'TunnelSecret') return [];
      const id = textAt(values, ...value.keyPath.slice(0, -1), 'TunnelID');
      return [
        claim(TUNNEL, value, {
          why: 'stands as the secret of a tunnel',
          remedy: `PATCH /accounts/…/cfd_tunnel/${id ?? 'ID'} with a new tunnel_secret, then DELETE …/cfd_tunnel/${id ?? 'ID'}/connections: old connectors stay until then.`,
          facts: facts({ tunnel: id }),
          also: openToOthers(file),
        }),
      ];
    });
  },
};
