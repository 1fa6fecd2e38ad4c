import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CredentialPath, Secret } from '#kernel';
import { listVersions, readVersion, writeVersion } from '#secrets';
import { openPostgres } from '#storage';
import { cuttableWire } from '../cuttable-wire.ts';
import { freshSchema, postgresServer } from '../engines.ts';
import { whyNoPostgres } from '../postgres-server.ts';
import { foundHouse } from './cast.ts';
import { openWitness } from './witness.ts';

const PATH = CredentialPath.parse('porch/home/mqtt/password');

for (const [when, truth] of [
  ['before', 'it did not happen, and is done again'],
  ['after', 'it happened, and is not done again'],
] as const)
  test(
    `a connection lost during COMMIT, ${when} the server saw it: ${truth}`,
    { skip: whyNoPostgres() ?? false },
    async (t) => {
      const server = await postgresServer();
      const wire = await cuttableWire(server.port);
      t.after(wire.close);
      const url = server.url.replace(`:${server.port}/`, `:${wire.port}/`);
      const engine = await openPostgres({ url: Secret.fromText(url), schema: freshSchema() });
      t.after(() => engine.close());
      const house = await foundHouse(engine);
      const write = (password: string, path = PATH) =>
        writeVersion(house.secrets, house.owner, {
          path,
          value: Secret.fromText(JSON.stringify({ password })),
          leaves: 'all',
          provenance: { how: 'entered', from: null, scopes: [] },
        });
      await write('before the cut');
      const before = house.deeds.head()!.size;

      wire.cutAt('COMMIT\0', when);
      const { metadata, receipt } = await write('during the cut');
      assert.deepEqual([metadata.version, receipt.index, house.deeds.head()!.size], [2, before, before + 1]);

      // A batch is no different: each deed of it once, none twice.
      wire.cutAt('COMMIT\0', when);
      const paths = Array.from({ length: 10 }, (_, i) => CredentialPath.parse(`porch/home/many/${i}`));
      await Promise.all(paths.map((path, i) => write(`value number ${i}`, path)));
      for (const [i, path] of paths.entries()) {
        const { output } = await house.deeds.perform(listVersions, house.owner, { path });
        assert.equal(output.versions.length, 1);
        const { value } = await readVersion(house.secrets, house.owner, { path, version: 0 });
        assert.deepEqual(value, { password: `value number ${i}` });
      }
      await openWitness().check(engine, [], true);
    },
  );
