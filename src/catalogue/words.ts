/** Names that people write in one word although they mean two. */
const JOINED: Readonly<Record<string, readonly string[]>> = {
  accesskey: ['access', 'key'],
  accesstoken: ['access', 'token'],
  apikey: ['api', 'key'],
  appkey: ['app', 'key'],
  authkey: ['auth', 'key'],
  authtoken: ['auth', 'token'],
  bottoken: ['bot', 'token'],
  chatid: ['chat', 'id'],
  clientid: ['client', 'id'],
  clientkey: ['client', 'key'],
  clientsecret: ['client', 'secret'],
  credentialsecret: ['credential', 'secret'],
  encryptionkey: ['encryption', 'key'],
  hostname: ['host', 'name'],
  jwtkey: ['jwt', 'key'],
  keyfile: ['key', 'file'],
  localkey: ['local', 'key'],
  networkkey: ['network', 'key'],
  passwordfile: ['password', 'file'],
  pgpassword: ['pg', 'password'],
  privatekey: ['private', 'key'],
  publickey: ['public', 'key'],
  refreshtoken: ['refresh', 'token'],
  secretkey: ['secret', 'key'],
  sessionkey: ['session', 'key'],
  setupcode: ['setup', 'code'],
  sharedaccesskey: ['shared', 'access', 'key'],
  userid: ['user', 'id'],
  userpass: ['user', 'password'],
  webhookid: ['webhook', 'id'],
  wifipass: ['wifi', 'password'],
};

const SYNONYMS: Readonly<Record<string, string>> = {
  certificate: 'cert',
  credentials: 'credential',
  creds: 'credential',
  hooks: 'hook',
  pass: 'password',
  passcode: 'passcode',
  passwd: 'password',
  priv: 'private',
  prv: 'private',
  pub: 'public',
  passwort: 'password',
  passphrase: 'passphrase',
  pw: 'password',
  pwd: 'password',
  tok: 'token',
  uname: 'username',
  usr: 'user',
  webhooks: 'webhook',
  wlan: 'wifi',
};

/** Names run together without a mark between: `calendarclientsecret`, `mqttpassword`. */
const GLUED =
  /^(?!compass|bypass|overpass|underpass|trespass)([a-z]{2,}?)(password|passphrase|passwd|pass|username|user|mail|apikey|accesskey|secretkey|accesstoken|token|clientsecret|clientid|webhookid)$/;

/** Endings that say which of several, not what it is. */
const WHICH = new Set(
  'old new current previous prev next backup primary secondary main default tmp temp test prod production dev staging home value literal raw plain b64 base64 hex encoded here a b'.split(
    ' ',
  ),
);

/** Longest name that is looked at, in characters. */
const MAX_NAME = 200;

/**
 * The words of a name, lower case, in one spelling: `aws_access_key_ID`, `awsAccessKeyId` and `aws-access-key-id`
 * all give `aws access key id`. Digits at a word's end are dropped (`camera1`, `STA_PASS1`), except in `s0` and `s2`.
 */
export const wordsOf = (name: string): readonly string[] =>
  name
    .slice(0, MAX_NAME)
    .replaceAll(/wi-?fi/gi, 'wifi')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => (word.length > 2 ? word.replace(/\d+$/, '') : word))
    .filter((word) => word !== '')
    .flatMap((word) => GLUED.exec(word)?.slice(1) ?? [word])
    .flatMap((word) => JOINED[word] ?? [word])
    .map((word) => SYNONYMS[word] ?? word);

/** The words without endings such as `old`, `2` or `backup`: what the thing is. */
export const nounOf = (words: readonly string[]): readonly string[] => {
  let end = words.length;
  while (end > 1 && (WHICH.has(words[end - 1]!) || /^\d+$/.test(words[end - 1]!))) end--;
  return words.slice(0, end);
};
