/** Values that programs ship with or that their documents show; whoever knows the program knows them. */
export const PUBLISHED = new Set([
  'public',
  'admin',
  'mosquitto',
  'homeassistant',
  'home-assistant',
  'raspberry',
  'esphome',
  'guest',
  'root',
  'user',
  'pass',
  'default',
  'changeme',
  'change_me',
  'change-me',
  'changeit',
  'ubnt',
  'tlJwpbo6',
  'meinsm',
  'xmhdipc',
  'zigbee2mqtt',
  'frigate',
  'a-secret-key',
  'mysecret',
  // Matter's test passcode (esp-matter, connectedhomeip examples) and the manual code made of it.
  '20202021',
  '34970112332',
  // Homebridge's first configuration, and the codes that the HomeKit Accessory Protocol forbids.
  '031-45-154',
  '123-45-678',
  '876-54-321',
  ...Array.from(
    { length: 10 },
    (_, digit) => `${String(digit).repeat(3)}-${String(digit).repeat(2)}-${String(digit).repeat(3)}`,
  ),
  // The example keys of the Z-Wave JS documents, and the sample network key of OpenThread.
  '0102030405060708090a0b0c0d0e0f10',
  '11111111111111111111111111111111',
  '22222222222222222222222222222222',
  '33333333333333333333333333333333',
  '00112233445566778899aabbccddeeff',
]);

/** Words on which most guessed passwords are built; compared after undoing `P@ssw0rd!`-like spelling. */
export const COMMON_WORDS = new Set(
  (
    'password passwort passwd pass secret letmein welcome login admin administrator root user guest test testing demo ' +
    'qwerty qwertz azerty asdfgh zxcvbn iloveyou dragon monkey master hello sunshine princess football baseball ' +
    'superman batman shadow michael charlie whatever trustno mustang freedom starwars summer winter spring autumn ' +
    'home house homeassistant assistant smarthome hass esphome zigbee mqtt mosquitto camera kamera garage door ' +
    'wifi wlan internet router network netgear linksys tplink fritzbox raspberry raspberrypi pi synology ' +
    'changeme change default example sample abc abcd abcdef private public access unknown temp temporary'
  ).split(' '),
);
