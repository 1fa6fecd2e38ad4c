/** What can be wrong, in the order in which it is worth putting right. */
export type FindingRuleRow = {
  /** For people, after "credentials:" or alone. */
  readonly title: string;
  /**
   * Who sees it: the hourly inspection of the inventory, whoever surveyed the files, the program while it is used, or
   * whoever scanned.
   */
  readonly seenBy: 'inspection' | 'adoption' | 'use' | 'scan';
  /** What to do. `{environment}` is project/environment, `{path}` the credential's, `{place}` as it was found. */
  readonly command: string;
};

export const FINDING_RULES = {
  leaked: {
    title: 'its value lies in clear where a scan found it',
    seenBy: 'scan',
    command: 'chatelaine generate {path}',
  },
  'ownerless-gold': {
    title: 'controls the home, and nobody answers for it',
    seenBy: 'inspection',
    command: 'chatelaine set {path} --owner NAME',
  },
  'found-by-scan': {
    title: 'a scan found its value, at a place that it did not say',
    seenBy: 'use',
    command: 'chatelaine generate {path}',
  },
  missing: {
    title: 'a file asks for it, and it has no value',
    seenBy: 'adoption',
    command: 'chatelaine set {path}',
  },
  default: {
    title: 'the value its maker publishes',
    seenBy: 'adoption',
    command: 'chatelaine generate {path}',
  },
  shared: {
    title: 'the same value in another environment',
    seenBy: 'inspection',
    command: 'chatelaine generate {path}',
  },
  expired: {
    title: 'past its end',
    seenBy: 'inspection',
    command: 'chatelaine set {path}',
  },
  weak: {
    title: 'a value that is easy to guess',
    seenBy: 'adoption',
    command: 'chatelaine generate {path}',
  },
  expiring: {
    title: 'ends within 30 days',
    seenBy: 'inspection',
    command: 'chatelaine set {path}',
  },
  overdue: {
    title: 'older than it should get',
    seenBy: 'inspection',
    command: 'chatelaine generate {path}',
  },
  reused: {
    title: 'one value behind several names or systems',
    seenBy: 'adoption',
    command: 'chatelaine show {path}',
  },
  plaintext: {
    title: 'stands in clear in a file',
    seenBy: 'adoption',
    command: 'chatelaine adopt --rewrite',
  },
  'tried-elsewhere': {
    title: 'somebody tried to write its value into another environment',
    seenBy: 'use',
    command: 'chatelaine show {path}',
  },
  'tier-lowered': {
    title: 'declared to be worth less than its reach says',
    seenBy: 'inspection',
    command: 'chatelaine show {path}',
  },
  ownerless: {
    title: 'nobody answers for it',
    seenBy: 'inspection',
    command: 'chatelaine set {path} --owner NAME',
  },
  purposeless: {
    title: 'nobody has said what it is for',
    seenBy: 'inspection',
    command: 'chatelaine set {path} --purpose TEXT',
  },
  orphan: {
    title: 'nothing asks for it',
    seenBy: 'adoption',
    command: 'chatelaine retire {path}',
  },
} as const satisfies Readonly<Record<string, FindingRuleRow>>;

export type FindingRule = keyof typeof FINDING_RULES;

export const FINDING_RULE_IDS = Object.keys(FINDING_RULES) as readonly FindingRule[];
export const isFindingRule = (text: string): text is FindingRule => Object.hasOwn(FINDING_RULES, text);
/** The rules that an inspection of the inventory settles by itself. */
export const INSPECTED = FINDING_RULE_IDS.filter((rule) => FINDING_RULES[rule].seenBy === 'inspection');
