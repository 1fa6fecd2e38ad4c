import { createHash, generateKeyPairSync } from 'node:crypto';
import type { Random } from '#kernel';

/** A file full of what looks drawn by chance, and is, but opens nothing. */
export type Harmless = { readonly path: string; readonly text: string };

type Maker = (random: Random) => Harmless;

const hex = (random: Random, bytes: number): string => Buffer.from(random.bytes(bytes)).toString('hex');
const base64 = (random: Random, bytes: number): string => Buffer.from(random.bytes(bytes)).toString('base64');
const uuid = (random: Random): string =>
  hex(random, 16).replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, '$1-$2-4$3-a$4-$5');
const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');
const NAMES = [
  'lodash',
  'aws-sdk',
  'github-slugger',
  'stripe',
  'token-types',
  'secret-stack',
  'passport',
  'slack-web-api',
  'hubspot',
  'twilio',
];
const nameOf = (index: number): string => NAMES[index % NAMES.length]!;
const armour = (label: string, body: string): string =>
  `-----BEGIN ${label}-----\n${body.match(/.{1,64}/g)!.join('\n')}\n-----END ${label}-----\n`;

const LOCKS: readonly Maker[] = [
  (random) => ({
    path: 'web/package-lock.json',
    text: `{"lockfileVersion":3,"packages":{${many(30, (i) => `"node_modules/${nameOf(i)}${i}":{"version":"1.${i}.0","resolved":"https://registry.example/${nameOf(i)}/-/${nameOf(i)}-1.${i}.0.tgz","integrity":"sha512-${base64(random, 64)}"}`).replaceAll('\n', ',\n')}}}`,
  }),
  (random) => ({
    path: 'web/yarn.lock',
    text: many(
      30,
      (i) =>
        `${nameOf(i)}@^1.${i}.0:\n  version "1.${i}.0"\n  resolved "https://registry.example/${nameOf(i)}-1.${i}.0.tgz#${hex(random, 20)}"\n  integrity sha512-${base64(random, 64)}\n`,
    ),
  }),
  (random) => ({
    path: 'web/.yarn/berry.yml',
    text: many(
      20,
      (i) =>
        `"${nameOf(i)}@npm:^1.${i}.0":\n  version: 1.${i}.0\n  checksum: 10c0/${hex(random, 64)}\n  languageName: node\n`,
    ),
  }),
  (random) => ({
    path: 'web/pnpm-lock.yaml',
    text: `lockfileVersion: '9.0'\npackages:\n${many(30, (i) => `  ${nameOf(i)}@1.${i}.0:\n    resolution: {integrity: sha512-${base64(random, 64)}}`)}\n`,
  }),
  (random) => ({
    path: 'poetry.lock',
    text: many(
      20,
      (i) =>
        `[[package]]\nname = "${nameOf(i)}"\nversion = "1.${i}"\nfiles = [\n    {file = "${nameOf(i)}-1.${i}-py3-none-any.whl", hash = "sha256:${hex(random, 32)}"},\n]\n`,
    ),
  }),
  (random) => ({
    path: 'requirements.txt',
    text: many(
      20,
      (i) => `${nameOf(i)}==1.${i} \\\n    --hash=sha256:${hex(random, 32)} \\\n    --hash=sha256:${hex(random, 32)}`,
    ),
  }),
  (random) => ({
    path: 'Cargo.lock',
    text: many(
      20,
      (i) =>
        `[[package]]\nname = "${nameOf(i)}"\nversion = "1.${i}.0"\nsource = "registry+https://index.example/"\nchecksum = "${hex(random, 32)}"\n`,
    ),
  }),
  (random) => ({
    path: 'go.sum',
    text: many(
      30,
      (i) =>
        `github.com/${nameOf(i)}/sdk v1.${i}.0 h1:${base64(random, 32)}\ngithub.com/${nameOf(i)}/sdk v1.${i}.0/go.mod h1:${base64(random, 32)}`,
    ),
  }),
  (random) => ({
    path: 'composer.lock',
    text: JSON.stringify({
      'content-hash': hex(random, 16),
      packages: NAMES.map((name) => ({
        name,
        source: { reference: hex(random, 20) },
        dist: { shasum: hex(random, 20) },
      })),
    }),
  }),
  (random) => ({
    path: 'flake.lock',
    text: JSON.stringify(
      { nodes: { nixpkgs: { locked: { narHash: `sha256-${base64(random, 32)}`, rev: hex(random, 20) } } } },
      null,
      2,
    ),
  }),
  (random) => ({
    path: '.terraform.lock.hcl',
    text: `provider "registry.example/hashicorp/aws" {\n  version = "5.1.0"\n  hashes = [\n${many(12, (i) => `    "${i % 2 === 0 ? `h1:${base64(random, 32)}` : `zh:${hex(random, 32)}`}",`)}\n  ]\n}\n`,
  }),
];

const CODE: readonly Maker[] = [
  (random) => ({
    path: 'www/app.min.js',
    text: `!function(){${many(60, (i) => `var t${i}=function(e,n){return e.token&&n.secret?e.password!==n.apiKey:"${hex(random, 4)}"};`).replaceAll('\n', '')}}();`,
  }),
  (random) => ({
    path: 'www/assets/index-8f3a1c2e.js',
    text: `const a="data:image/png;base64,iVBORw0KGgo${base64(random, 3_000)}";export{a as default};`,
  }),
  (random) => ({
    path: 'www/app.js.map',
    text: JSON.stringify({
      version: 3,
      sources: ['src/token.ts', 'src/secret.ts'],
      names: ['token', 'apiKey', 'password'],
      mappings: many(300, () => `;AA${base64(random, 6).replaceAll('=', '')}`).replaceAll('\n', ','),
    }),
  }),
  (random) => ({
    path: 'www/bundle.js',
    text: `console.log(1);\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify({ version: 3, sources: ['a.ts'], names: ['token', 'password'], mappings: base64(random, 900) })).toString('base64')}\n`,
  }),
  (random) => ({
    path: 'www/index.html',
    text: many(
      8,
      (i) =>
        `<script src="/a${i}.js" integrity="sha384-${base64(random, 48)}" crossorigin="anonymous" nonce="${base64(random, 16)}"></script>`,
    ),
  }),
  (random) => ({
    path: 'www/style.css',
    text: many(
      6,
      (i) =>
        `.lamp${i}{background:url("data:image/svg+xml;base64,${Buffer.from(`<svg id="${hex(random, 16)}"/>`).toString('base64')}")}\n@font-face{src:url(data:font/woff2;base64,d09GMgABAAAAA${base64(random, 600)})}`,
    ),
  }),
  (random) => ({
    path: 'src/icons.ts',
    text: many(6, (i) => `export const icon${i} = 'iVBORw0KGgoAAAANSUhEUgAA${base64(random, 400)}';`),
  }),
  (random) => ({
    path: 'mail/message.eml',
    text: `Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n/9j/4AAQSkZJRgABAQ${base64(random, 5_000)
      .match(/.{1,76}/g)!
      .join('\n')}\n`,
  }),
  (random) => ({
    path: 'src/tables.c',
    text: `static const uint8_t sbox[] = {\n${many(40, () => Array.from(random.bytes(12), (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', '))}\n};\n`,
  }),
  (random) => ({
    path: 'src/migrations/0001.py',
    text: `revision = '${hex(random, 6)}'\ndown_revision = '${hex(random, 6)}'\nbuild_id = "${uuid(random)}"\netag = "${hex(random, 16)}"\n`,
  }),
  (random) => ({
    path: 'src/ids.ts',
    text: many(
      20,
      (i) =>
        `export const ${['tokenId', 'secretId', 'keyId', 'apiKeyId', 'credentialId'][i % 5]}${i} = '${uuid(random)}';`,
    ),
  }),
];

const DATA: readonly Maker[] = [
  (random) => ({
    path: 'var/git.log',
    text: many(
      30,
      (i) =>
        `commit ${hex(random, 20)}\nMerge: ${hex(random, 4)} ${hex(random, 4)}\nAuthor: Ada <ada@porch.lan>\n\n    hub: lamp ${i}\n`,
    ),
  }),
  (random) => ({
    path: 'patches/lamp.patch',
    text: many(
      10,
      (i) =>
        `diff --git a/src/token${i}.ts b/src/token${i}.ts\nindex ${hex(random, 20)}..${hex(random, 20)} 100644\n--- a/src/token${i}.ts\n+++ b/src/token${i}.ts`,
    ),
  }),
  (random) => ({
    path: 'dist/files.txt',
    text: many(20, (i) => `${hex(random, 32)}  hub-1.${i}.tar.gz\n${hex(random, 16)} *hub-1.${i}.zip`),
  }),
  (random) => ({
    path: 'deploy/hub.yaml',
    text: many(
      10,
      (i) =>
        `- image: registry.lan/hub@sha256:${hex(random, 32)}\n  revision: ${hex(random, 20)}\n  podId: ${uuid(random)}\n  imagePullSecrets: [{ name: regcred-${hex(random, 3)} }]\n  build: 1.${i}.0-${hex(random, 4)}`,
    ),
  }),
  (random) => ({
    path: 'var/hub.log',
    text: many(
      30,
      (i) =>
        `2026-11-09T08:15:${String(i).padStart(2, '0')}Z INFO request=${uuid(random)} trace_id=${hex(random, 16)} span_id=${hex(random, 8)} etag="${hex(random, 16)}" took ${i} ms`,
    ),
  }),
  (random) => ({
    path: 'export/devices.json',
    text: JSON.stringify({
      devices: Array.from({ length: 20 }, () => ({
        id: hex(random, 16),
        uuid: uuid(random),
        serial: hex(random, 6).toUpperCase(),
        thumbnail: base64(random, 200),
        hash: `sha256:${hex(random, 32)}`,
        password_hash_algorithm: 'argon2id',
        token_type: 'Bearer',
      })),
    }),
  }),
  (random) => ({
    path: 'certs/chain.txt',
    text:
      armour('CERTIFICATE', `MIID${base64(random, 700)}`) +
      armour('CERTIFICATE REQUEST', `MIIC${base64(random, 400)}`) +
      armour('X509 CRL', `MIIB${base64(random, 300)}`),
  }),
  (random) => ({
    path: 'certs/public.txt',
    text:
      generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }) +
      armour('PGP PUBLIC KEY BLOCK', `mQINBF${base64(random, 500)}`) +
      armour('PGP SIGNATURE', `iQIzBAAB${base64(random, 300)}`) +
      `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${base64(random, 32)} mara@porch\n` +
      `age1${hex(random, 29)}\n`,
  }),
  (random) => ({
    path: 'etc/known_hosts',
    text: many(
      10,
      (i) =>
        `|1|${base64(random, 20)}|${base64(random, 20)} ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB${base64(random, 200)}${i}`,
    ),
  }),
  (random) => ({
    path: 'www/locales/de.json',
    text: JSON.stringify({
      password: 'Passwort',
      password_hint: 'Mindestens 8 Zeichen, davon 1 Ziffer',
      token: 'Zugangs-Token',
      secret: 'Geheimnis',
      api_key: 'API-Schlüssel',
      'forgot.password': 'Passwort vergessen?',
      build: hex(random, 4),
    }),
  }),
  (random) => ({
    path: 'po/de.po',
    text: `msgid "password: %s"\nmsgstr "Passwort: %s"\n#: src/token.c:12 ${hex(random, 3)}\nmsgid "api_key=YOUR_KEY_HERE_1234567890"\nmsgstr "api_key=IHR_SCHLUESSEL_1234567890"\n`,
  }),
  (random) => ({
    path: 'values.properties',
    text: `login.password.label=Passwort eingeben:\nlogin.token.tooltip=Token aus den Einstellungen, Abschnitt 4.2\nbuild.commit=${hex(random, 20)}\nbuild.uuid=${uuid(random)}\n`,
  }),
  (random) => ({
    path: 'notebook.txt',
    text: many(5, () => `"image/png": "iVBORw0KGgoAAAANSUhEUgAA${base64(random, 1_500)}",`),
  }),
  (random) => ({
    path: 'var/dump.sql',
    text: many(
      20,
      (i) =>
        `INSERT INTO \`posts\` VALUES (${i},'${uuid(random)}','${createHash('md5').update(String(i)).digest('hex')}','${hex(random, 20)}',NULL,'lamp');`,
    ),
  }),
  (random) => ({
    path: '.github/workflows/ci.yml',
    text: `on: push\njobs:\n  test:\n    steps:\n      - uses: actions/checkout@${hex(random, 20)}\n        with:\n          token: \${{ secrets.HUB_TOKEN }}\n      - run: echo "key=\${{ hashFiles('**/package-lock.json') }}"\n`,
  }),
];

export const HARMLESS: readonly Maker[] = [...LOCKS, ...CODE, ...DATA];
