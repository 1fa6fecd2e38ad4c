import { contextOf } from '../filters/context.ts';
import { looksRandom } from '../filters/rarity.ts';
import type { Candidate, WholeFile } from '../detector.ts';
import { type Claim, type Family, isPlain } from './claim.ts';
import { cloudflareTunnel, awsIot, azureIot, gcpIot, googleServiceAccount } from './families/clouds.ts';
import { configuration } from './families/configuration.ts';
import { hue, kasa, shelly, tuya, wled } from './families/devices.ts';
import { emqx } from './families/emqx.ts';
import { esphome } from './families/esphome.ts';
import { arduino, flashKey, nvs, sdkconfig } from './families/firmware.ts';
import { homeAssistantAuth } from './families/home-assistant-auth.ts';
import { homeAssistantBackup } from './families/home-assistant-backup.ts';
import { homeAssistantStorage } from './families/home-assistant-storage.ts';
import { homebridgeConfiguration, homebridgeUi, homekitPersist } from './families/homebridge.ts';
import { chip, matterJs, matterMaker } from './families/matter.ts';
import { mosquittoConfiguration, mosquittoDynamicSecurity, mosquittoPasswords } from './families/mosquitto.ts';
import { nodeRedCredentials, nodeRedRuntime, nodeRedSessions, nodeRedSettings } from './families/node-red.ts';
import { openHab } from './families/openhab.ts';
import { tasmotaBackup, tasmotaSource } from './families/tasmota.ts';
import { zWave } from './families/z-wave.ts';
import { zhaDatabase, zhaYaml, zigbee2mqtt, zigbeeBackup, zigbeeLines } from './families/zigbee.ts';
import { openHomeFile } from './home-file.ts';

/** The narrow ones first: at one place the first that says something is heard. */
export const FAMILIES: readonly Family[] = [
  homeAssistantAuth,
  homeAssistantBackup,
  googleServiceAccount,
  zWave,
  homeAssistantStorage,
  esphome,
  zigbee2mqtt,
  zigbeeBackup,
  zigbeeLines,
  zhaDatabase,
  zhaYaml,
  nodeRedCredentials,
  nodeRedSettings,
  nodeRedRuntime,
  nodeRedSessions,
  mosquittoPasswords,
  mosquittoDynamicSecurity,
  mosquittoConfiguration,
  emqx,
  openHab,
  tasmotaSource,
  tasmotaBackup,
  wled,
  shelly,
  tuya,
  hue,
  kasa,
  homebridgeConfiguration,
  homekitPersist,
  homebridgeUi,
  matterJs,
  chip,
  matterMaker,
  awsIot,
  gcpIot,
  azureIot,
  cloudflareTunnel,
  sdkconfig,
  nvs,
  flashKey,
  arduino,
  configuration,
];

/** Claims of one file; a file with more is a list of something. */
const MOST_CLAIMS = 2_000;

/** What a file holds, by the families that know its format. Never throws on content. */
export const inspect = (whole: WholeFile): readonly Candidate[] => {
  const file = openHomeFile(whole);
  const taken: Claim[] = [];
  for (const family of FAMILIES) {
    if (!family.reads(file)) continue;
    const before = taken.length;
    for (const one of family.find(file)) {
      if (taken.length >= MOST_CLAIMS) {
        whole.tellUnread?.('too_many');
        break;
      }
      if (!taken.slice(0, before).some((other) => one.start < other.end && other.start < one.end)) taken.push(one);
    }
  }
  const { practice } = contextOf(whole.path);
  // What proves itself is no documentation because it is called `.txt`.
  const isPracticeFolder = practice && contextOf(whole.path.replace(DOCUMENT, '')).practice;
  const isStandIn = STAND_IN.test(file.base);
  return taken
    .filter((one): one is Candidate => !isPlain(one))
    .map((candidate) =>
      (candidate.confidence === 'certain' ? isPracticeFolder : practice) ||
      (isStandIn && !isOfChance(candidate.value ?? ''))
        ? { ...candidate, confidence: 'note' }
        : candidate,
    );
};

const DOCUMENT = /\.(?:txt|html?|md)$/i;

/** What people publish so that others, or a build, have a file of that name: `travis_secrets.yaml`, `secrets.fake.yaml`. */
const STAND_IN = /(?:^|[._-])(?:travis|ci|fake|dummy|sample|example|template|mock|demo|stub|placeholder)(?:[._-]|$)/;

/** A real one left in such a file is still to be seen. */
const isOfChance = (value: string): boolean => value.length >= 12 && /\d/.test(value) && looksRandom(value);
