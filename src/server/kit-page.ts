import { Secret } from '#kernel';
import { serverError } from './errors.ts';
import type { RecoveryKit } from './kit.ts';

/** Longest text that is read as a kit, in characters. */
const LONGEST = 65_536;

type Part = { readonly title: string; readonly value: string; readonly says: string };

const parts = (kit: RecoveryKit): readonly Part[] => [
  {
    title: 'Recovery token',
    value: kit.recoveryToken.revealText(),
    says: 'Signs the owner in when every other way is lost. It works once, ends all other sessions, and is recorded loudly.',
  },
  {
    title: 'Recovery key',
    value: kit.recoveryKey.revealText(),
    says: 'Unlocks without the key file or passphrase: chatelaine unlock --recovery-key. Case, spaces and dashes do not matter.',
  },
  {
    title: 'Backup identity',
    value: kit.backupIdentity.revealText(),
    says: 'Opens backups: chatelaine restore FILE. They are plain age files holding a tar archive; any age with post-quantum keys opens them.',
  },
  {
    title: 'Verifier key',
    value: kit.verifierKey,
    says: 'Not secret. Proves that a backup or an audit log is from this installation: chatelaine audit verify.',
  },
];

const INTRODUCTION =
  'Whoever holds this page can read everything that Chatelaine keeps. Print it, put it where you keep passports, and ' +
  'delete the file. Then say so: chatelaine kit confirm. A new kit ends this one.';

const STEPS = [
  'Install Chatelaine on the new machine and copy the newest backup (*.age) to it.',
  'chatelaine restore FILE (asks for the backup identity and the verifier key)',
  'chatelaine up, then chatelaine unlock --recovery-key, then chatelaine rekey: makes a new key file.',
  'chatelaine login --recovery-token, then chatelaine kit: the old kit was used up.',
  'Change what may have fallen into other hands with the lost machine: chatelaine next.',
];

/** The kit as text of at most 100 columns. */
export const kitText = (kit: RecoveryKit): Secret => {
  const lines = [
    `CHATELAINE RECOVERY KIT${kit.demo ? ' (DEMO, protects nothing)' : ''}`,
    '',
    `Installation  ${kit.origin}`,
    `Made          ${new Date(kit.madeAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    '',
    ...wrap(INTRODUCTION),
    '',
    ...parts(kit).flatMap(({ title, value, says }) => [`${title}:`, `  ${value}`, ...wrap(says, '  '), '']),
    'When the machine is lost:',
    ...STEPS.flatMap((step, i) => wrap(`${i + 1}. ${step}`, '  ')),
    '',
  ];
  return Secret.fromText(lines.join('\n'));
};

/** The same as a page to print: no script, nothing loaded from anywhere. */
export const kitHtml = (kit: RecoveryKit): Secret => {
  const sections = parts(kit).map(
    ({ title, value, says }) =>
      `<section><h2>${escape(title)}</h2><code>${escape(value)}</code><p>${escape(says)}</p></section>`,
  );
  return Secret.fromText(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Chatelaine recovery kit</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:12pt/1.5 sans-serif;max-width:44em;margin:2em auto;padding:0 1em}h1{font-size:18pt}h2{font-size:12pt;margin:0}
section{break-inside:avoid;border:1px solid;padding:.8em 1em;margin:1em 0}code{font:11pt monospace;overflow-wrap:anywhere}p{margin:.4em 0}</style>
</head><body><h1>Chatelaine recovery kit${kit.demo ? ' (demo, protects nothing)' : ''}</h1>
<p>Installation <code>${escape(kit.origin)}</code>, made ${new Date(kit.madeAt).toISOString().slice(0, 16).replace('T', ' ')} UTC.</p>
<p>${escape(INTRODUCTION)}</p>
${sections.join('\n')}
<h2>When the machine is lost</h2><ol>${STEPS.map((step) => `<li>${escape(step)}</li>`).join('')}</ol>
</body></html>
`);
};

/** What a typed or scanned kit, or any part of it, holds; each null where it is missing. */
export type KitParts = {
  readonly recoveryToken: Secret | null;
  readonly recoveryKey: Secret | null;
  readonly backupIdentity: Secret | null;
  readonly verifierKey: string | null;
};

/** Finds the parts of a kit in a text: the whole page, or single lines of it. Errors: `server.no_kit_inside`. */
export const readKitText = (text: Secret): KitParts => {
  const page = text.revealText().slice(0, LONGEST);
  const secret = (pattern: RegExp): Secret | null => {
    const found = pattern.exec(page)?.[0];
    return found === undefined ? null : Secret.fromText(found);
  };
  const found: KitParts = {
    recoveryToken: secret(/\bchtl_[0-9A-Za-z]{49}\b/),
    recoveryKey: secret(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){13}\b/i),
    backupIdentity: secret(/\bAGE-SECRET-KEY-(?:PQ-)?1[02-9AC-HJ-NP-Z]+\b/i),
    verifierKey: /^\s*([^\s+]{1,256}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44})\s*$/m.exec(page)?.[1] ?? null,
  };
  if (Object.values(found).every((part) => part === null))
    throw serverError('no_kit_inside', 'This text holds no part of a recovery kit.');
  return found;
};

const wrap = (text: string, indent = ''): string[] => {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > 100) {
      lines.push(line);
      line = indent;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
};

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
