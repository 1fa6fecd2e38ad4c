/** Values that standards print as examples, and so half the world's documentation: nobody's credentials. */
const PUBLISHED: ReadonlySet<string> = new Set([
  // RFC 6749, RFC 6750
  '2YotnFZFEjr1zCsicMWpAA',
  'tGzv3JOkF0XG5Qx2TlKWIA',
  'gX1fBat3bV',
  '7Fjfp0ZBr1KtDRbnfVdmIw',
  'mF_9.B5f-4.1JqM',
  'SplxlOBeZQQYbYS6WxSbIA',
  // RFC 5849 and drafts before RFC 6750
  'h480djs93hd8',
  'j49sk3j29djd',
  'dh893hdasih9',
  'ad180jjd733klru7',
  'kkk9d7dh3k39sjv7',
  'kd94hf93k423kf44',
  'pfkkdhi9sl3r4s00',
  'hh5s93j4hdidpola',
  // OpenID Connect Core 1.0
  'SlAV32hkKG',
  '8xLOxBtZp8',
  // RFC 7617
  'QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
  // AWS documentation
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
]);

export const isPublished = (value: string): boolean => PUBLISHED.has(value);
