import { FINDING_RULES, FINDING_RULE_IDS, isFindingRule } from './rules.ts';
import type { FindingCount } from './tables.ts';

export type Step = {
  readonly id: string;
  /** What is wrong, in a sentence. */
  readonly why: string;
  readonly command: string;
  /** How many things of this kind there are. */
  readonly count: number;
};

export type Situation = {
  /** The recovery kit: none yet, made and perhaps still in a printer, or said to lie in a safe place. */
  readonly kit: 'none' | 'made' | 'confirmed';
  readonly findings: readonly FindingCount[];
};

/**
 * What to do, the most useful first: what could lose everything, then what gives away the home, then what breaks it,
 * then order. Where the answer is locked, nobody comes this far: the refusal itself says how to unlock.
 */
export const nextSteps = ({ kit, findings }: Situation): readonly Step[] => [
  ...(kit === 'confirmed' ? [] : [KIT[kit]]),
  ...FINDING_RULE_IDS.flatMap((rule) => {
    const here = findings.filter((count) => count.rule === rule && isFindingRule(count.rule));
    const [first] = here;
    if (first === undefined) return [];
    const count = here.reduce((sum, one) => sum + one.count, 0);
    const environment = `${first.project}/${first.environment}`;
    const { title, command } = FINDING_RULES[rule];
    return [
      {
        id: rule,
        why: count === 1 ? `${first.example}: ${title}.` : `${count} of them: ${title}. One is ${first.example}.`,
        command: command
          .replace('{path}', `${environment}/${first.example}`)
          .replace('{environment}', environment)
          .replace('{place}', first.example),
        count,
      },
    ];
  }),
];

const KIT: Readonly<Record<'none' | 'made', Step>> = {
  none: {
    id: 'kit',
    why: 'There is no recovery kit. Without it, losing this machine loses everything.',
    // On a terminal it is shown to nobody who did not ask; a file is printed and deleted.
    command: 'chatelaine kit create --out ~/chatelaine-kit.txt',
    count: 1,
  },
  made: {
    id: 'kit',
    why: 'Nobody has said that the recovery kit lies in a safe place. Print it, put it there, delete the file, and say so.',
    command: 'chatelaine kit confirm',
    count: 1,
  },
};
