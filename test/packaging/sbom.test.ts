import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ROOT, readText } from '../docs/repository.ts';

type Component = {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly hashes?: readonly { alg: string; content: string }[];
};
type Bill = {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};
type Locked = { readonly version: string; readonly dev?: boolean; readonly integrity?: string };

const run = (command: string, ...args: string[]): string => {
  const { status, stdout } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1_048_576 });
  assert.equal(status, 0, `${command} ${args.join(' ')}`);
  return stdout;
};

const bill = JSON.parse(run(process.execPath, join(ROOT, 'scripts', 'sbom.mjs'))) as Bill;
const locked = Object.entries(
  (JSON.parse(readText('package-lock.json')) as { packages: Record<string, Locked> }).packages,
)
  .filter(([path, { dev }]) => path !== '' && dev !== true)
  .map(([path, { version, integrity }]) => ({ name: path.split('node_modules/').at(-1)!, version, integrity }));
const labels = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));

describe('the software bill of materials', () => {
  test('is CycloneDX, about this program in this version', () => {
    const { name, version } = JSON.parse(readText('package.json')) as { name: string; version: string };
    assert.deepEqual([bill.bomFormat, bill.specVersion], ['CycloneDX', '1.5']);
    assert.deepEqual([bill.metadata.component.name, bill.metadata.component.version], [name, version]);
  });

  test('has every package of the lock file that runs, and no other, with the hash that is checked at install', () => {
    assert.ok(locked.length > 20, 'the lock file was read');
    assert.deepEqual(
      [...labels].toSorted(),
      [...new Set(locked.map(({ name, version }) => `${name}@${version}`))].toSorted(),
    );
    for (const { name, version, integrity } of locked) {
      const [hash] = bill.components.find((one) => one.name === name && one.version === version)!.hashes ?? [];
      assert.equal(hash?.alg, 'SHA-512', name);
      assert.equal(`sha512-${Buffer.from(hash.content, 'hex').toString('base64')}`, integrity, name);
    }
  });

  test('says what needs what: everything is reached from the program, and everything named is there', () => {
    const graph = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const reached = new Set<string>();
    const walk = (reference: string): void => {
      if (reached.has(reference)) return;
      reached.add(reference);
      for (const next of graph.get(reference) ?? assert.fail(`${reference} is not described`)) walk(next);
    };
    walk(bill.metadata.component['bom-ref']);
    assert.equal(reached.size, bill.components.length + 1);
  });

  test('holds all that npm’s own list holds', () => {
    const theirs = JSON.parse(
      run('npm', 'sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'),
    ) as Bill;
    assert.ok(theirs.components.length > 20);
    assert.deepEqual(
      theirs.components.map(({ name, version }) => `${name}@${version}`).filter((label) => !labels.has(label)),
      [],
    );
  });
});
