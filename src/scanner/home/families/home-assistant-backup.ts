import { aboutKind } from '../about.ts';
import { type Claim, type Family, claim, setting } from '../claim.ts';

const KIT = {
  ...aboutKind('backup-key', 'home-assistant'),
  rule: 'home-assistant-emergency-kit',
  title: 'Emergency kit: the encryption key of Home Assistant’s backups',
};

/** The key as the frontend makes it and the Supervisor takes it: seven groups of four (home-assistant/frontend, data/backup.ts). */
const KEY = /(?<![A-Z0-9-])[A-Z0-9]{4}(?:-[A-Z0-9]{4}){6}(?![A-Z0-9-])/g;

/** `backup.json` of a backup (HA-13), and the text file with the key that people save next to it. */
export const homeAssistantBackup: Family = {
  id: 'home-assistant-backup',
  reads: ({ base, text }) =>
    (base === 'backup.json' && /"(?:protected|crypto)"/.test(text)) ||
    /emergency[_ -]kit/.test(base) ||
    /backup emergency kit/i.test(text.slice(0, 2000)),
  find(file) {
    if (file.base === 'backup.json') return open(file.text);
    return Array.from(file.text.matchAll(KEY), ([key], index): Claim => {
      const start = index === 0 ? file.text.indexOf(key) : file.text.lastIndexOf(key);
      return claim(
        KIT,
        { keyPath: ['encryption key'], text: key, start, end: start + key.length },
        {
          why: 'seven groups of four in a file that calls itself an emergency kit',
        },
      );
    });
  },
};

/** The flag can be wrong (home-assistant/core#182697): the archive itself is looked through all the same. */
const open = (text: string): readonly Claim[] => {
  const match = /"protected"\s*:\s*false/.exec(text);
  if (match === null || !/"(?:slug|homeassistant|supervisor_version)"/.test(text)) return [];
  return [
    setting(
      {
        rule: 'home-assistant-backup-open',
        title: 'Backup of Home Assistant without encryption',
        vendor: 'Home Assistant',
        tier: 'gold',
        opens: 'every sign-in, token and integration of the home, for whoever has the file',
        remedy:
          'Set an encryption key (Settings, System, Backups), make a new backup, delete this one wherever it was copied; if it was seen by others, treat it as a leak of .storage/auth.',
      },
      { start: match.index, end: match.index + match[0].length, written: match[0] },
      { why: 'says protected: false' },
    ),
  ];
};
