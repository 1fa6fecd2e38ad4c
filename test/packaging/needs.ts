import { spawnSync } from 'node:child_process';

/**
 * Why a test cannot run here, for its `skip`: these programs are not installed. With CHATELAINE_REQUIRE=1 that is an
 * error instead.
 */
export const whyNot = (...programs: readonly string[]): string | false => {
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error !== undefined);
  if (missing.length === 0) return false;
  const why = `${missing.join(' and ')} not installed`;
  if (process.env['CHATELAINE_REQUIRE'] === '1') throw new Error(why);
  return why;
};
