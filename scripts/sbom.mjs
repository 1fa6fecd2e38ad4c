/**
 * The software bill of materials of what runs, as CycloneDX 1.5 JSON, made from the lock file alone.
 *
 *     npm run --silent sbom > chatelaine.cdx.json
 *
 * Not `npm sbom --omit dev`: it leaves out packages that a development package needs as well. Nothing in the output
 * depends on the machine or the time, so two of one lock file are equal.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @param {{ name: string, version: string, license?: string }} manifest @param {{ packages: Record<string, any> }} lock */
export const billOfMaterials = (manifest, lock) => {
  const paths = Object.keys(lock.packages).filter((path) => path !== '' && lock.packages[path].dev !== true);
  const place = `pkg:generic/${manifest.name}@${manifest.version}`; // not a package of npm's
  const root = { ...componentOf('', manifest), type: 'application', 'bom-ref': place, purl: place };
  const components = new Map();
  const graph = new Map([[root['bom-ref'], new Set(neededBy(lock, ''))]]);
  for (const path of paths) {
    const component = componentOf(nameAt(path), lock.packages[path]);
    components.set(component['bom-ref'], component);
    graph.set(component['bom-ref'], new Set([...(graph.get(component['bom-ref']) ?? []), ...neededBy(lock, path)]));
  }
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: root },
    components: [...components.values()].toSorted(byReference),
    dependencies: [...graph]
      .map(([reference, needed]) => ({ ref: reference, dependsOn: [...needed].toSorted() }))
      .toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
  };
};

const byReference = (a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1);

const nameAt = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

const componentOf = (name, { name: own, version, license, integrity, optional }) => {
  const purl = `pkg:npm/${(own ?? name).replace(/^@/, '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    name: own ?? name,
    version,
    scope: optional === true ? 'optional' : 'required',
    ...(integrity === undefined ? {} : { hashes: integrity.split(' ').map(hashOf) }),
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
    purl,
  };
};

/** `sha512-BASE64` (W3C Subresource Integrity) as CycloneDX writes it. */
const hashOf = (integrity) => {
  const [algorithm, base64] = integrity.split(/-(.*)/s);
  return {
    alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
    content: Buffer.from(base64, 'base64').toString('hex'),
  };
};

/** Looks up what a package asks for as Node does: in its own folder first, then in those above. */
const neededBy = (lock, path) => {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = lock.packages[path];
  return Object.keys({ ...peerDependencies, ...dependencies, ...optionalDependencies }).flatMap((name) => {
    for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
      const found = lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`];
      if (found !== undefined) return found.dev === true ? [] : [componentOf(name, found)['bom-ref']];
      if (folder === '') return [];
    }
  });
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const here = dirname(dirname(fileURLToPath(import.meta.url)));
  const read = (file) => JSON.parse(readFileSync(join(here, file), 'utf8'));
  process.stdout.write(
    `${JSON.stringify(billOfMaterials(read('package.json'), read('package-lock.json')), null, 2)}\n`,
  );
}
