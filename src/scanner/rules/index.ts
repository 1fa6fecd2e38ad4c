import type { Rule } from '../rule.ts';
import { AI } from './ai.ts';
import { AMAZON } from './amazon.ts';
import { CI } from './ci.ts';
import { COMMERCE } from './commerce.ts';
import { DATA } from './data.ts';
import { GOOGLE } from './google.ts';
import { HOSTING } from './hosting.ts';
import { IDENTITY } from './identity.ts';
import { IOT_CLOUDS } from './iot-clouds.ts';
import { MAIL_AND_TELEPHONY } from './mail-and-telephony.ts';
import { MAPS_AND_MEDIA } from './maps-and-media.ts';
import { MESSAGING } from './messaging.ts';
import { MICROSOFT } from './microsoft.ts';
import { OBSERVABILITY } from './observability.ts';
import { PACKAGE_REGISTRIES } from './package-registries.ts';
import { PAYMENTS } from './payments.ts';
import { SMART_HOME } from './smart-home.ts';
import { SOURCE_HOSTING } from './source-hosting.ts';

/** By theme, in the order of the document made of them. */
export const THEMES: Readonly<Record<string, readonly Rule[]>> = {
  Amazon: AMAZON,
  Microsoft: MICROSOFT,
  Google: GOOGLE,
  'Source hosting': SOURCE_HOSTING,
  'Package registries': PACKAGE_REGISTRIES,
  'Building and testing': CI,
  'Hosting, names and networks': HOSTING,
  'Identity and secrets': IDENTITY,
  Data: DATA,
  'Watching and flags': OBSERVABILITY,
  'Artificial intelligence': AI,
  Messaging: MESSAGING,
  'Mail and telephony': MAIL_AND_TELEPHONY,
  'Commerce and social networks': COMMERCE,
  'Maps, weather and media': MAPS_AND_MEDIA,
  'Clouds of things': IOT_CLOUDS,
  'Smart homes': SMART_HOME,
  Payments: PAYMENTS,
};

/** Every kind of token that is told by its shape. */
export const RULES: readonly Rule[] = Object.values(THEMES).flat();
