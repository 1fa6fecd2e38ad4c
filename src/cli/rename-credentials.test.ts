import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { applyFileEdit, planRewrite, render, survey } from '#formats';
import { utf8 } from '#kernel';
import { adoptionChunks, existingTargets, plaintextIn } from './adoption.ts';
import { knownNames, renameCredentials } from './rename-credentials.ts';
import { ignoreFile, patchOf, shownDiff, prepareRewrite } from './rewrite-files.ts';

const file = (path: string, text: string) => ({ path, bytes: utf8(text) });
const HOME = [
  file(
    'configuration.yaml',
    'homeassistant:\n  name: Home\nmqtt:\n  password: Tr0ub4dor-and-3\nother:\n  api_key: !secret weather_key\n',
  ),
  file('secrets.yaml', 'weather_key: 9f8e7d6c5b4a39281706f5e4d3c2b1a0\n'),
];
const rewritten = () => {
  const before = survey(HOME);
  const plan = planRewrite(before);
  const values = new Map(before.credentials.map(({ name, value }) => [name, value]));
  const files = new Map(HOME.map((one) => [one.path, one]));
  for (const edit of plan.edits) files.set(edit.path, applyFileEdit(files.get(edit.path)!, edit));
  for (const target of plan.targets)
    files.set(target.path, { path: target.path, bytes: render(target, (name) => values.get(name)).reveal() });
  return { before, plan, after: survey([...files.values()]) };
};

suite('after a rewrite', () => {
  test('credentials keep the names the store knows', () => {
    const { before, plan, after } = rewritten();
    assert.notDeepEqual(
      after.credentials.map(({ name }) => name).toSorted(),
      before.credentials.map(({ name }) => name).toSorted(),
      'a fresh look would rename',
    );
    const renamed = renameCredentials(after, knownNames(after, plan.targets));
    const named = (one: typeof before) =>
      Object.fromEntries(one.credentials.map(({ name, value }) => [name, value.revealText()]));
    assert.deepEqual(named(renamed), named(before));
    assert.deepEqual(
      existingTargets(renamed, planRewrite(renamed)),
      plan.targets,
      'so the templates are the same, and nothing changes',
    );
  });

  test('a name that another credential takes over is given once', () => {
    const { plan, after } = rewritten();
    const names = knownNames(after, [...plan.targets, ...plan.targets]);
    const renamed = renameCredentials(after, names);
    assert.equal(new Set(renamed.credentials.map(({ name }) => name)).size, renamed.credentials.length);
  });
});

suite('what is sent to the store', () => {
  test('comes in pieces that it takes, everything once, gaps with the last', () => {
    const many = Array.from({ length: 240 }, (_, i) => `key_${i}_password: Xy${i}-${'z'.repeat(8)}Q${i}`).join('\n');
    const found = survey([
      file('secrets.yaml', `${many}\n`),
      file('configuration.yaml', 'homeassistant:\n  a: !secret nowhere_password\n'),
    ]);
    const plan = planRewrite(found);
    const chunks = adoptionChunks(found, plan.targets, 'folder', plaintextIn(found, plan));
    assert.ok(chunks.length >= 3);
    assert.ok(chunks.every(({ credentials }) => credentials.length <= 100));
    const names = chunks.flatMap(({ credentials }) => credentials.map(({ name }) => name));
    assert.equal(new Set(names).size, found.credentials.length);
    assert.deepEqual(
      chunks.map(({ gaps }) => gaps !== undefined),
      chunks.map((_, i) => i === chunks.length - 1),
    );
    assert.deepEqual(
      chunks.at(-1)?.gaps?.missing.map(({ name }) => name),
      ['nowhere_password'],
    );
  });
});

suite('a rewrite as text', () => {
  const folder = { root: '/h', files: HOME, stands: new Map(), skipped: [], passedOver: 0, leftOut: [] };

  test('shows no value to eyes, and names all that git must not keep', () => {
    const { files, plan } = prepareRewrite(survey(HOME), folder);
    assert.ok(!shownDiff(files).includes('Tr0ub4dor'));
    assert.ok(patchOf(files, 'sub/').includes('a/sub/configuration.yaml'));
    assert.deepEqual(plan.gitignore, ['/secrets.yaml']);
  });

  test('adds to .gitignore what is not in it, once, whatever its last line is like', () => {
    const text = (existing: string | null) =>
      new TextDecoder().decode(
        ignoreFile(['/secrets.yaml', '/.env'], existing === null ? null : utf8(existing))?.after,
      );
    assert.match(text(null), /^# .*\n\/secrets\.yaml\n\/\.env\n$/);
    assert.match(text('*.log'), /^\*\.log\n# .*\n\/secrets\.yaml\n\/\.env\n$/);
    assert.equal(ignoreFile(['/secrets.yaml', '/.env'], utf8('secrets.yaml\r\n/.env\n')), null);
  });
});
