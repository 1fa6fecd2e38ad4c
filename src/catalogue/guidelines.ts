import type { KindId } from './kinds.ts';

/** Three sentences for whoever is about to write a credential down, or just did. */
export type Guideline = {
  /** What goes wrong when it lies about. */
  readonly why: string;
  readonly instead: string;
  /** Names the command, between backticks. */
  readonly command: string;
};

/** Shown beside a finding, in a pull request, at `set`. */
export const guidelineOf = (kind: KindId): Guideline => GUIDELINES[kind];

const ADOPT =
  '`./chatelaine adopt --rewrite` takes it out of the file and leaves a reference that its system understands.';
const SET = '`./chatelaine set NAME` takes the value typed, and `./chatelaine run` hands it to the program.';
const RENDER = '`./chatelaine render` writes the file that holds it, readable by its program alone and outside git.';
const NEW = '`./chatelaine generate NAME` makes a new value, and `./chatelaine render` brings it to whoever uses it.';
const ISSUED =
  'Revoke it where it was issued, make one with fewer rights and an end, and write that one down here only.';

const of = (why: string, instead: string, command: string): Guideline => ({ why, instead, command });

const GUIDELINES: Readonly<Record<KindId, Guideline>> = {
  plain: of(
    'This is no credential by itself: it is public by design, or a setting that leaves something open.',
    'What is public may stay, restricted to your own addresses; a setting is put right where it stands.',
    '`./chatelaine scan` says when it is gone.',
  ),
  password: of(
    'Whoever reads it can sign in with it, here and wherever else it was used.',
    'Use one password per place, kept here, and a reference in the file.',
    ADOPT,
  ),
  'mqtt-password': of(
    'With the broker’s password anyone on the network hears every sensor and commands every device.',
    'Give each client a login and topics of its own.',
    NEW,
  ),
  'database-password': of(
    'Whoever has it reads everything the database remembers, and can change it unnoticed.',
    'Give each program a user with the rights it needs, and reach the database over one network only.',
    NEW,
  ),
  'wifi-passphrase': of(
    'It is compiled into every device that is flashed with it, and opens the whole network to whoever reads one.',
    'Put devices into a network of their own, with a passphrase that nothing else uses.',
    '`./chatelaine adopt --rewrite` leaves `!secret` or a header in its place, and `./chatelaine render` fills it in for the build.',
  ),
  pin: of(
    'A code of a few digits is found by trying, and opens doors rather than files.',
    'Use the longest one the device takes, one per person, and never the one it came with.',
    NEW,
  ),
  'api-key': of('Whoever finds the key acts as you, and the bill is yours.', ISSUED, SET),
  'access-token': of(
    'The token is the login: no password and no second factor is asked of whoever holds it.',
    ISSUED,
    SET,
  ),
  'refresh-token': of(
    'It makes new access tokens for as long as nobody revokes it, often for years.',
    'Sign the application out at its vendor, sign in again, and keep the new token out of files that are shared.',
    SET,
  ),
  'ha-long-lived-token': of(
    'It commands the whole home for ten years, and changing the password does not end it.',
    'Delete it in your Home Assistant profile under Security, and make one per program, for a user with few rights.',
    '`./chatelaine set NAME --kind ha-long-lived-token` keeps the new one, and `./chatelaine run` hands it out.',
  ),
  'ha-refresh-token': of(
    'From it anyone makes access tokens of that user, and it stands in every unencrypted backup.',
    'Sign all sessions of the user out in the profile, and encrypt backups.',
    '`./chatelaine scan --archive backup.tar` shows what a backup gives away.',
  ),
  'supervisor-token': of(
    'It commands the machine under Home Assistant: add-ons, host, backups.',
    'Restart the add-on, which gets a new one, and never write `SUPERVISOR_TOKEN` into a log or a file.',
    '`./chatelaine redact` takes it out of a log before you show that.',
  ),
  'backup-key': of(
    'With the key every backup ever made with it is an open book, and all secrets in it with it.',
    'Keep it here and on paper, apart from the backups, and make a new one when it was seen.',
    '`./chatelaine generate NAME --kind backup-key` makes one, and `./chatelaine kit create` puts yours on paper.',
  ),
  'client-secret': of(
    'With it anyone speaks as your application, and users who trust the application trust him.',
    'Rotate it at the provider, with an overlap where it gives one, and keep it on the server side only.',
    SET,
  ),
  'webhook-id': of(
    'The address is all that protects it: whoever knows it can start what hangs on it.',
    'Make a new address, let it accept local calls only where that is enough, and check what it carries.',
    NEW,
  ),
  'esphome-api-key': of(
    'With it anyone in the network commands the device as if he were Home Assistant.',
    'Use one key per device, as `!secret`, and flash a new one when it was seen.',
    '`./chatelaine generate NAME --kind esphome-api-key` makes one, and `./chatelaine render` writes `secrets.yaml`.',
  ),
  'esphome-ota-password': of(
    'With it anyone in the network replaces the device’s program, and with that reads everything flashed into it.',
    'Use one password per device; the old one is needed once more to flash the new one.',
    '`./chatelaine generate NAME --kind esphome-ota-password` makes one, and `./chatelaine render` writes `secrets.yaml`.',
  ),
  'zigbee-network-key': of(
    'Whoever has the key reads and commands every Zigbee device within radio reach, and it cannot be changed without pairing all anew.',
    'Keep it out of shared files and logs; if it is the published default or was seen, plan a day to pair again.',
    '`./chatelaine generate NAME --kind zigbee-network-key` makes one, and `./chatelaine adopt --rewrite` takes it out of the file.',
  ),
  'zwave-key': of(
    'The network keys open every lock and switch that was included with them, and change only by including anew.',
    'Keep them here and on paper, one for each security class, and never the ones from documentation.',
    ADOPT,
  ),
  'thread-network-key': of(
    'Who has the dataset joins the mesh as a device of yours.',
    'Send a new dataset to the border routers when it was seen; devices follow by themselves.',
    NEW,
  ),
  'homekit-code': of(
    'Until a device is paired the code alone takes it over, and many print it on the case.',
    'Pair devices at once, keep the code here, and make a new one for bridges that let you choose.',
    NEW,
  ),
  'matter-passcode': of(
    'Whoever reads it can take the device into a home of his own while pairing is open.',
    'Keep the setup code here rather than in a photograph, and never ship the test code 20202021.',
    '`./chatelaine set NAME --kind matter-passcode` keeps the one on the label.',
  ),
  'local-key': of(
    'With it anyone in the network commands the device without its cloud, and it stays until the device is paired again.',
    'Keep it here, put such devices into a network of their own, and pair again when it was seen.',
    ADOPT,
  ),
  'hue-key': of(
    'With it anyone in the network commands every light and reads who is at home.',
    'Remove the application at account.meethue.com/apps and register it again.',
    ADOPT,
  ),
  'credential-secret': of(
    'It decrypts `flows_cred.json`: beside that file it protects nothing.',
    'Set it as `credentialSecret` from the environment, and keep it in another place than the flows.',
    '`./chatelaine set NAME --kind credential-secret` keeps it, and `./chatelaine run` starts Node-RED with it.',
  ),
  'session-secret': of(
    'With it anyone makes himself a signed-in session of any user.',
    'Give each installation one of its own by the environment; a new one signs everybody out, which is what you want.',
    NEW,
  ),
  'signing-key': of(
    'Whatever is signed with it is believed: tokens, events, firmware.',
    'Make a new one, let both hold while it is brought out, then refuse the old one.',
    NEW,
  ),
  'shared-secret': of(
    'Both sides believe whoever knows it, and neither can tell who that is.',
    'Use one secret for each pair of programs, and change both ends together.',
    NEW,
  ),
  'pre-shared-key': of(
    'Whoever has it joins the connection that it protects, and past traffic may be opened with it.',
    'Use one key for each pair of devices, and change both ends together.',
    NEW,
  ),
  'private-key': of(
    'A private key is the identity: everyone who trusts its public key trusts whoever holds this file.',
    'Make a new key where it is used, replace the certificate or the public key, and revoke the old one.',
    '`./chatelaine set NAME --file KEY` keeps the new one, and `./chatelaine render` writes it with mode 0600.',
  ),
  'bcrypt-hash': of(
    'A hash is no secret kept: weak passwords are found from it by trying.',
    'Change the password behind it, make it long, and keep the file with the hashes out of git.',
    '`./chatelaine generate NAME --kind password` makes one that is not found.',
  ),
  'password-hash': of(
    'A hash is no secret kept: weak passwords are found from it by trying, old formats at billions a second.',
    'Change the password behind it, and let the program hash it with a slow format.',
    '`./chatelaine generate NAME --kind password` makes one that is not found.',
  ),
  'aws-access-key-id': of(
    'The id alone opens nothing, but its secret is rarely far, and it names the account.',
    'Look for the secret beside it, and deactivate the pair if you find it; programs on AWS need none, they have roles.',
    '`./chatelaine scan --git` looks whether the secret ever lay there.',
  ),
  'aws-secret-access-key': of(
    'Robots find such a key within minutes, and rent machines at your cost.',
    'Deactivate the pair in IAM now, read CloudTrail, and use a role or a key with the least rights.',
    SET,
  ),
  'azure-shared-key': of(
    'It opens the whole resource, without a name in the log of who came in.',
    'Move to the second key, regenerate this one, and use managed identities where the program runs on Azure.',
    SET,
  ),
  'github-token': of(
    'It reads and writes your repositories, and whoever can push can change what others run.',
    'Delete it at github.com/settings/tokens; make a fine-grained one for the one repository, with an end.',
    SET,
  ),
  'google-api-key': of(
    'Whoever copies the key uses Maps or Gemini at your cost.',
    'Make a new one that is restricted to the API and to your addresses, and delete this one.',
    SET,
  ),
  'telegram-bot-token': of(
    'Whoever has it reads what people write to the bot, and may command the home through it.',
    'Send `/revoke` to @BotFather, and let the bot answer known chats only.',
    SET,
  ),
  'tunnel-token': of(
    'With it anyone runs your tunnel, and receives your visitors with their passwords.',
    'Rotate the token at the provider, start the connector with the new one, and look for connectors you do not know.',
    RENDER,
  ),
  'url-credential': of(
    'A password inside an address ends up in logs, histories and error messages.',
    'Give the program user and password apart from the address, or as a reference.',
    ADOPT,
  ),
  'unknown-secret': of(
    'Nobody knows what it opens, so nobody can say who may see it.',
    'Find out who issued it, give it a name and an owner, and replace it if it was shared.',
    ADOPT,
  ),
};
