import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { Secret } from '#kernel';
import { type Engine, type EngineKind, openPostgres, openSqlite } from '#storage';
import { type PostgresServer, startPostgres, whyNoPostgres } from './postgres-server.ts';

/** An engine for one test, empty, and how to be rid of it. */
export type OpenedEngine = { readonly engine: Engine; dispose(): Promise<void> };

export type EngineUnderTest = {
  readonly name: EngineKind;
  /** Why it cannot be tested on this machine; the tests are skipped with this reason. */
  readonly missing: string | undefined;
  open(): Promise<OpenedEngine>;
};

/** Every engine of `storage`. With CHATELAINE_REQUIRE=1 one that is missing throws instead of being skipped. */
export const engines = (): readonly EngineUnderTest[] => {
  const missing = whyNoPostgres();
  if (missing !== undefined && process.env['CHATELAINE_REQUIRE'] === '1') throw new Error(missing);
  return [
    { name: 'sqlite', missing: undefined, open: openTemporarySqlite },
    { name: 'postgres', missing, open: openTemporaryPostgres },
  ];
};

/** Declares the same test once for each engine; the engine is empty and closed afterwards. */
export const forEachEngine = (title: string, run: (t: TestContext, engine: Engine) => Promise<void>): void => {
  for (const { name, missing, open } of engines())
    test(`${title} (${name})`, { skip: missing ?? false }, async (t) => {
      const { engine, dispose } = await open();
      try {
        await run(t, engine);
      } finally {
        await dispose();
      }
    });
};

/** A folder that is gone when the test process ends. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

let server: Promise<PostgresServer> | undefined;

/** The one PostgreSQL server of this test process, started when first asked for, stopped after its tests. */
export const postgresServer = (): Promise<PostgresServer> => {
  server ??= startPostgres();
  return server;
};

// Declared while this file loads: inside a running test it would belong to that test alone.
after(async () => (await server)?.stop());

/** A name for a data space no other test has. */
export const freshSchema = (): string => `test_${++schemas}`;
let schemas = 0;

const openTemporarySqlite = async (): Promise<OpenedEngine> => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-test-'));
  const engine = openSqlite({ folder });
  return {
    engine,
    async dispose() {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const openTemporaryPostgres = async (): Promise<OpenedEngine> => {
  const { url } = await postgresServer();
  const engine = await openPostgres({ url: Secret.fromText(url), schema: freshSchema() });
  return { engine, dispose: () => engine.close() };
};
