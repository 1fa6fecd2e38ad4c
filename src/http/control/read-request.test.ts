import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ROUTES, ROUTE_IDS, type Route } from '#contract';
import { ChatelaineError, CredentialPath } from '#kernel';
import { readRequest } from './read-request.ts';

const isMistake = (error: unknown): boolean => error instanceof ChatelaineError && error.fault === 'mistake';

test('whatever a request holds, reading it gives what its schema allows or a mistake with a hint', () => {
  const hostile = fc.constantFrom(
    '%',
    '%2f',
    '%2F',
    '%00',
    '..',
    '//',
    '?',
    '&',
    '=',
    '#',
    '"',
    '\u0000',
    '\ud800',
    '__proto__',
    'é',
    'e\u0301',
    ' ',
  );
  const text = fc
    .array(fc.oneof(hostile, fc.string({ maxLength: 6 }), fc.constantFrom('porch', 'home', 'mqtt')), { maxLength: 8 })
    .map((parts) => parts.join(''));
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((json) => Buffer.from(json)),
    fc.constant(null),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...ROUTE_IDS),
      text,
      body,
      fc.option(text, { nil: undefined }),
      (id, rest, bytes, match) => {
        const route: Route = ROUTES[id];
        const url = `/api${route.path.replace('{path}', rest)}`;
        try {
          readRequest(
            route,
            url,
            match === undefined ? {} : { 'if-match': match },
            { project: rest, environment: 'home', id: rest, index: rest },
            bytes,
          );
        } catch (error) {
          assert.ok(isMistake(error), `${id}: ${String(error)}`);
          assert.ok((error as ChatelaineError).hint !== undefined);
        }
      },
    ),
    { numRuns: 10_000 },
  );
});

test('a path that is read is canonical, and the only one that reads as it does', () => {
  const route: Route = ROUTES['values.get'];
  const piece = fc.constantFrom('porch', 'home', 'mqtt', 'a b', 'a%20b', '%61', '%2e', '%2f', '%c3%a9', '..', '', 'A');
  fc.assert(
    fc.property(fc.array(piece, { minLength: 3, maxLength: 6 }), (pieces) => {
      const raw = pieces.join('/');
      let read: CredentialPath | null;
      try {
        read = readRequest(route, `/api/values/${raw}`, {}, {}, null).path;
      } catch (error) {
        assert.ok(isMistake(error));
        return;
      }
      assert.ok(read !== null);
      assert.equal(read.toString(), CredentialPath.parse(pieces.map(decodeURIComponent).join('/')).toString());
      assert.equal(read.toString().split('/').length, pieces.length);
      assert.ok(!/%2f|\/\/|(?:^|\/)\.{1,2}(?:\/|$)/i.test(raw.replaceAll('%2e', '.')));
    }),
    { numRuns: 10_000 },
  );
});
