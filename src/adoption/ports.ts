import type { SecretsPorts } from '#secrets';

/** What taking a home as it is found needs: the same as keeping its values. */
export type AdoptionPorts = SecretsPorts;
