import { rules } from '../rule.ts';
import { base64, letters, named, UUID } from './parts.ts';
import { vendor } from './vendor.ts';

const COMMON = { kind: 'access-token', tier: 'silver', rotation: 'api', evidence: 'reported' } as const;

const npm = vendor({
  ...COMMON,
  vendor: 'npm',
  evidence: 'documented',
  source: 'https://github.blog/security/announcing-npms-new-access-token-format',
  remedy: '`npm token revoke <id>`; publish from CI with trusted publishing, which needs no token.',
});

const pypi = vendor({
  ...COMMON,
  vendor: 'PyPI',
  evidence: 'documented',
  source: 'https://warehouse.pypa.io/development/token-scanning.html',
  remedy:
    'Remove it under Account settings, API tokens; publish from CI with trusted publishing, which needs no token.',
});

const docker = vendor({
  ...COMMON,
  vendor: 'Docker',
  source: 'https://docs.docker.com/security/access-tokens/',
  remedy:
    'Delete it at https://app.docker.com/settings/personal-access-tokens; make one that may only pull, where that is enough.',
});

const jfrog = vendor({
  ...COMMON,
  vendor: 'JFrog',
  source: 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens',
  remedy: 'Revoke it under Administration, Access tokens, or with the API; make one with a narrow scope and an end.',
});

const nexus = vendor({
  ...COMMON,
  vendor: 'Sonatype',
  source: 'https://help.sonatype.com/en/user-tokens.html',
  remedy: 'Reset the user’s token or API key in his profile in Nexus Repository.',
});

const deno = vendor({
  ...COMMON,
  vendor: 'Deno',
  source: 'https://docs.deno.com/deploy/',
  remedy: 'Revoke it at https://dash.deno.com/account#access-tokens.',
});

export const PACKAGE_REGISTRIES = rules(
  npm({
    id: 'npm-access-token',
    title: 'npm access token',
    shape: ['npm_', letters('alnum', 36)],
    checksum: 'npm-crc32',
    opens: 'publishes and reads packages, as the token says',
    examples: [
      '//registry/:_authToken=np·m_L5ppuFy0Ko1RMw5s·619Jeqf9SpdiFH221DcI',
      'NPM_TOKEN=np·m_ZaXKubVX1hTSkxeB·l1VZvTxMe9ILM92GtZks',
    ],
    notThese: ['npm_config_registry', 'npm_lifecycle_event_and_other_names_of_npm'],
  }),
  npm({
    id: 'npm-legacy-token',
    title: 'npm legacy token',
    shape: [...UUID],
    near: { words: ['_authtoken', 'npm_token', 'npmtoken', 'npm_auth_token', 'npmauthtoken'], within: 12 },
    opens: 'publishes and reads packages of its owner',
    examples: ['//registry/:_authToken=d8·c8bc14-ae8c-7555·-f684-37a9d6bb9aeb'],
    notThese: ['_authToken=00000000-0000-0000-0000-000000000000'],
  }),
  pypi({
    id: 'pypi-api-token',
    title: 'PyPI API token',
    shape: ['pypi-AgEIcHlwaS5vcmc', letters('base64url', 70, 1000)],
    opens: 'uploads releases of the project, or of all projects',
    examples: [
      'TWINE_PASSWORD=py·pi-AgEIcHlwaS5vcmc4cworzwqZ4desT97D8UqYiayz·m7ykSO12iRjDFvyofd85aquMuEI5vGmveaL_A1YH6Oe3d',
    ],
    notThese: ['pypi-AgEIcHlwaS5vcmc'],
  }),
  pypi({
    id: 'pypi-test-api-token',
    title: 'TestPyPI API token',
    tier: 'bronze',
    shape: ['pypi-AgENdGVzdC5weXBpLm9yZw', letters('base64url', 60, 1000)],
    opens: 'uploads releases to the test index',
    examples: [
      'TWINE_PASSWORD=py·pi-AgENdGVzdC5weXBpLm9yZw700OcCYnzVEXqbW-ZOb·QE4WhDaPaYfGVlewCsT2fcVbACkSwszcJQWMtco-XJ1ZRTD',
    ],
  }),
  vendor({
    ...COMMON,
    vendor: 'RubyGems',
    evidence: 'observed',
    source: 'https://github.com/rubygems/rubygems.org/blob/master/app/controllers/concerns/api_keyable.rb',
    remedy: 'Delete it under Settings, API keys, and make one for the one gem; or publish with trusted publishing.',
  })({
    id: 'rubygems-api-key',
    title: 'RubyGems API key',
    kind: 'api-key',
    shape: ['rubygems_', letters('hex-lower', 48)],
    opens: 'pushes gems of its owner',
    examples: [':rubygems_api_key: ru·bygems_38db277d148319dc96d·7816186d67fd6174d32b98e36ec68'],
  }),
  vendor({
    ...COMMON,
    vendor: 'crates.io',
    evidence: 'observed',
    source: 'https://github.com/rust-lang/crates.io/blob/main/src/util/token.rs',
    remedy: 'Revoke it under Account settings, API tokens; make one for the one crate, with an end.',
  })({
    id: 'crates-io-token',
    title: 'crates.io token',
    shape: ['cio', letters('alnum', 32)],
    opens: 'publishes versions of its owner’s crates',
    examples: ['CARGO_REGISTRY_TOKEN=ci·oOX8QvHIVWjLpp9·H84dNAIQLbMg0dRN9L'],
    notThese: ['cioABCDEFGHIJ'],
  }),
  vendor({
    ...COMMON,
    vendor: 'NuGet',
    source: 'https://github.com/NuGet/NuGetGallery/blob/main/src/NuGetGallery.Services/Authentication/ApiKeyV4.cs',
    remedy: 'Regenerate or delete it at https://www.nuget.org/account/apikeys.',
  })({
    id: 'nuget-api-key',
    title: 'NuGet API key',
    kind: 'api-key',
    evidence: 'observed',
    // Base32 of `v4` and ten bytes, then of sixteen: what is no multiple of five bits shows in the last letters.
    shape: [
      'oy2',
      { any: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p'] },
      letters('alpha-lower', 15, 15, '234567'),
      { any: ['a', 'q'] },
      letters('alpha-lower', 25, 25, '234567'),
      { any: ['a', 'e', 'i', 'm', 'q', 'u', 'y', '4'] },
    ],
    opens: 'pushes and unlists packages of its owner',
    examples: ['dotnet nuget push a.nupkg --api-key oy·2myqctgi6tduxqdvfaphzy5·744hqsy5injqaansryh2u'],
  }),
  docker({
    id: 'docker-personal-access-token',
    title: 'Docker personal access token',
    shape: ['dckr_pat_', letters('token', 27)],
    opens: 'pulls and pushes images of its owner',
    examples: ['docker login -u porch -p dc·kr_pat_albWi0bxG·jyRHQjlg1OdfDh5QKw'],
  }),
  docker({
    id: 'docker-organization-access-token',
    title: 'Docker organisation access token',
    shape: ['dckr_oat_', letters('token', 27, 40)],
    opens: 'pulls, and as it says pushes, images of the organisation',
    source: 'https://docs.docker.com/enterprise/security/access-tokens/',
    examples: ['DOCKER_TOKEN=dc·kr_oat_9Itm95xMNc·YjMpbJ6REH9HXOw7kZe1'],
  }),
  docker({
    id: 'docker-swarm-join-token',
    title: 'Docker Swarm join token',
    tier: 'gold',
    shape: ['SWMTKN-1-', letters('alnum-lower', 50), '-', letters('alnum-lower', 25)],
    opens: 'joins the swarm as a worker or manager, with its secrets',
    evidence: 'observed',
    source: 'https://github.com/moby/swarmkit/blob/master/ca/config.go',
    remedy: '`docker swarm join-token --rotate worker` (or `manager`); look through `docker node ls` for strangers.',
    examples: [
      'docker swarm join --token SW·MTKN-1-twj65lak1erav7dt1qy2gb5ixbaurszwc·2t5euvjwb42xeelxn-rm6yc4dh97w6b20d8jt639jds 192.168.99.100:2377',
    ],
  }),
  docker({
    id: 'docker-swarm-unlock-key',
    title: 'Docker Swarm unlock key',
    kind: 'private-key',
    tier: 'gold',
    shape: ['SWMKEY-1-', base64(43)],
    opens: 'the sealed raft log and TLS key of the managers',
    source: 'https://docs.docker.com/engine/swarm/swarm_manager_locking/',
    remedy: '`docker swarm unlock-key --rotate`.',
    examples: ['docker swarm unlock # SW·MKEY-1-qoSNVv4A42U8F2D2K·hpZzYwvijVyXxM417r743/gV44'],
  }),
  jfrog({
    id: 'jfrog-api-key',
    title: 'JFrog Artifactory API key',
    kind: 'api-key',
    evidence: 'observed',
    source: 'https://github.com/jfrog/build-info',
    shape: ['AKCp', letters('alnum', 69, 100)],
    opens: 'reads and deploys artefacts as its owner',
    remedy: 'Revoke it in the user’s profile; API keys are at their end, use an access token.',
    examples: ['X-JFrog-Art-Api: AK·CpnyYI6fjpRg6PQNucII850DV9NxwWEVLK·1chtIu3h793UMdF6SCR35WfRqiDwlSCuRFHFC'],
  }),
  jfrog({
    id: 'jfrog-reference-token',
    title: 'JFrog reference token',
    evidence: 'observed',
    source: 'https://github.com/jfrog/build-info',
    shape: ['cmVmdGtuOj', letters('alnum', 54, 90)],
    opens: 'reads and deploys artefacts as its scope says',
    examples: ['ARTIFACTORY_TOKEN=cm·VmdGtuOj6iTXPnYYZ2V7wdpn1WaUlX·4juaXOg2olFMwUHlQXqHINy0eJKMsond'],
  }),
  nexus({
    id: 'sonatype-npm-token',
    title: 'Sonatype Nexus npm token',
    shape: ['NpmToken.', ...UUID],
    opens: 'installs and publishes npm packages of the repository as its owner',
    examples: ['//nexus.porch.lan/repository/npm/:_authToken=Np·mToken.c2413fc7-db6b·-eab7-9b5b-bedbb2dca50d'],
  }),
  nexus({
    id: 'sonatype-docker-token',
    title: 'Sonatype Nexus Docker token',
    shape: ['DockerToken.', ...UUID],
    opens: 'pulls and pushes images as its owner',
    examples: ['Authorization: Bearer Do·ckerToken.dada240a-ec7·f-2dea-ed4e-dcdc92e7fdda'],
  }),
  vendor({
    ...COMMON,
    vendor: 'Clojars',
    evidence: 'observed',
    source: 'https://github.com/clojars/clojars-web/blob/main/src/clojars/db.clj',
    remedy: 'Disable it at https://clojars.org/tokens and make one for the one artefact.',
  })({
    id: 'clojars-deploy-token',
    title: 'Clojars deploy token',
    shape: ['CLOJARS_', letters('hex-lower', 60)],
    opens: 'deploys artefacts of its owner’s groups',
    examples: ['CLOJARS_PASSWORD=CL·OJARS_33aa29255aec0f3d724dbb231e·2059ce3bebc8570545bad9a5a15be9566b'],
  }),
  vendor({
    ...COMMON,
    vendor: 'Hex',
    evidence: 'observed',
    source: 'https://github.com/hexpm/hexpm/blob/main/lib/hexpm/accounts/auth.ex',
    remedy: '`mix hex.user key revoke <name>`.',
  })({
    id: 'hex-api-key',
    title: 'Hex API key',
    kind: 'api-key',
    shape: [letters('hex-lower', 32)],
    near: named('hex api key', 'hex pm api key', 'hexpm api key'),
    opens: 'publishes packages of its owner',
    examples: ['HEX_API_KEY=d9·c93c854ce2ce96·9c27da06e140c182'],
  }),
  vendor({
    ...COMMON,
    vendor: 'Cloudsmith',
    source: 'https://help.cloudsmith.io/docs/api-key',
    remedy: 'Regenerate it at https://cloudsmith.io/user/settings/api/.',
  })({
    id: 'cloudsmith-api-key',
    title: 'Cloudsmith API key',
    kind: 'api-key',
    shape: [letters('hex-lower', 40)],
    near: named('cloudsmith api key', 'cloudsmith key', 'cloudsmith token', 'cloudsmith api token'),
    opens: 'reads and publishes packages of its owner',
    examples: ['CLOUDSMITH_API_KEY=d6·118e36d9920e91d9a6·7af60b8e792f6becb5b4'],
  }),
  vendor({
    ...COMMON,
    vendor: 'Quay',
    evidence: 'observed',
    source: 'https://github.com/quay/quay/blob/master/data/model/user.py',
    remedy: 'Regenerate the robot’s token under Robot accounts.',
  })({
    id: 'quay-robot-token',
    title: 'Quay robot account token',
    shape: [letters('alnum-upper', 64)],
    near: named('quay token', 'quay password', 'quay robot token', 'quay io password', 'quay io token'),
    opens: 'pulls and pushes the images that the robot may',
    examples: ['QUAY_ROBOT_TOKEN=CO·LLWYKFHNVTPK8OY3E4M3JYFIG6IBRX·MWI2G0NJTJMVIA4AYS6FYV0EP3F3QCG8'],
  }),
  vendor({
    ...COMMON,
    vendor: 'Maven Central',
    source: 'https://central.sonatype.org/publish/generate-portal-token/',
    remedy: 'Revoke it at https://central.sonatype.com/usertoken and generate a new one.',
  })({
    id: 'maven-central-token',
    title: 'Maven Central portal token password',
    kind: 'password',
    shape: [base64(44)],
    near: named(
      'maven central password',
      'ossrh token password',
      'sonatype password',
      'central portal password',
      'ossrh password',
    ),
    opens: 'publishes artefacts of the namespace',
    examples: ['OSSRH_PASSWORD=1g·xCWcF394DRxk6KoFaXA3·DOqqN/ySDQ9hSCRwBi+fav'],
  }),
  deno({
    id: 'deno-deploy-token',
    title: 'Deno Deploy access token',
    shape: ['ddp_', letters('alnum', 36)],
    opens: 'deploys and reads the projects of its owner',
    examples: ['DENO_DEPLOY_TOKEN=dd·p_dZu0h1i2ArotxHU4·3VXxdiASOA3FNVy5TEPH'],
  }),
  deno({
    id: 'deno-deploy-organization-token',
    title: 'Deno Deploy organisation token',
    shape: ['ddo_', letters('alnum', 36)],
    opens: 'deploys and reads the projects of the organisation',
    examples: ['DENO_DEPLOY_TOKEN=dd·o_z043uLUotzXULpl6·uQt9hVTRZtqD1c56W4NO'],
  }),
);
