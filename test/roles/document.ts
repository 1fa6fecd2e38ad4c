import { writeFileSync } from 'node:fs';
import {
  ACTIONS,
  type ActionRow,
  FORBIDS,
  PERMITS,
  POSTURES,
  POSTURE_NAMES,
  ROLES,
  ROLE_NAMES,
  type Rule,
} from '#policy';

/**
 * `docs/roles.md`, made from the tables so that it cannot say anything else; a test compares.
 *
 *     node test/roles/document.ts
 */
export const rolesDocument = (): string =>
  [
    INTRODUCTION,
    rolesTable(),
    ACTIONS_TITLE,
    actionsTable(),
    RULES_TITLE,
    rulesTable(),
    POSTURES_TITLE,
    posturesTable(),
    CUSTOM,
  ].join('\n\n') + '\n';

const INTRODUCTION = `# Roles

Who may do what. Made from the tables in \`src/policy/\`; change those, then run \`node test/roles/document.ts\`.

Nothing is allowed unless a line here allows it. A grant gives an identity a role on a place: the installation, a project,
an environment, or the names under a prefix. It has a reason and may have an end.`;

const ACTIONS_TITLE = `## Actions

**R** reveals secret values, or whether a guess at one is right, **C** changes a credential, **N** shows names, **G** governs
who may do what, **I** runs the installation. *Own*: everybody, on what is his own. *Operator*: whoever operates the server.
*Program*: the program by itself.`;

const RULES_TITLE = `## Rules

The first lines allow beside the roles. The others forbid, always, whatever allows; the ledger and every refusal name them.`;

const POSTURES_TITLE = `## Postures

Which roles a holder may give, at the place where he holds his own or below, and for how long.`;

const CUSTOM = `## A project's own policies

A project may add up to 32 policies in Cedar. They may only forbid: no text gives what no grant gives. They bear on deeds,
not on lists of names. A policy is checked against the schema before it is stored; one that fails while it is evaluated,
or whose row was tampered with, stops the project rather than letting through what it may have forbidden.

\`\`\`cedar
forbid(principal, action == Action::"credential.export", resource)
when { resource.environment == "prod" }
unless { principal.kind == "person" };
\`\`\`

A policy may speak of \`principal\` (\`identity\`, \`kind\`, \`operator\`), \`resource\` (\`kind\`, \`project\`, \`environment\`, \`name\`,
\`tier\`, \`state\`, \`production\`, \`owner\`), \`resource in Place::"porch/home/mqtt"\`, and \`context\` (\`factors\`, \`roles\`, \`posture\`,
\`address\`, \`now\` in milliseconds).`;

const LETTER = { reveals: 'R', changes: 'C', names: 'N', governs: 'G', runs: 'I' } as const;

const rolesTable = (): string =>
  table(
    ['role', 'in short'],
    ROLE_NAMES.map((role) => [`\`${role}\``, ROLES[role]]),
  );

const actionsTable = (): string =>
  table(
    ['action', '', ...ROLE_NAMES, 'also'],
    Object.entries(ACTIONS as Readonly<Record<string, ActionRow>>).map(([action, row]) => [
      `\`${action}\``,
      LETTER[row.effect],
      ...ROLE_NAMES.map((role) => (row.roles.includes(role) ? 'yes' : '')),
      [row.own && 'own', row.operator && 'operator', row.system && 'program'].filter(Boolean).join(', '),
    ]),
  );

const rulesTable = (): string =>
  table(
    ['rule', '', 'says', 'what helps'],
    [...PERMITS.map((rule) => ruleRow('allows', rule)), ...FORBIDS.map((rule) => ruleRow('forbids', rule))],
  );

const ruleRow = (effect: string, { id, says, remedy }: Rule): string[] => [
  `\`${id}\``,
  effect,
  says,
  effect === 'allows' ? '' : remedy,
];

const posturesTable = (): string =>
  table(
    ['posture', 'role', 'gives', 'takes', 'grants usually last', 'at most', 'exceptions at most'],
    POSTURE_NAMES.flatMap((name) => {
      const { gives, takes, usualGrant, longestGrant, longestException } = POSTURES[name];
      return ROLE_NAMES.filter((role) => gives[role] !== undefined || takes[role] !== undefined).map((role) => [
        name,
        role,
        gives[role]?.join(', ') ?? '',
        takes[role]?.join(', ') ?? '',
        String(usualGrant ?? 'without end'),
        String(longestGrant ?? 'without end'),
        String(longestException),
      ]);
    }),
  );

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

if (import.meta.main) writeFileSync(new URL('../../docs/roles.md', import.meta.url), rolesDocument());
