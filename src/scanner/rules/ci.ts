import { rules } from '../rule.ts';
import { base64, letters, named, UUID } from './parts.ts';
import { vendor } from './vendor.ts';

const COMMON = { kind: 'access-token', tier: 'silver', rotation: 'api', evidence: 'reported' } as const;

const circle = vendor({
  ...COMMON,
  vendor: 'CircleCI',
  evidence: 'documented',
  source: 'https://circleci.com/changelog/new-format-for-api-access-tokens/',
  remedy: 'Delete it under User or Project settings, API tokens, and make a new one.',
});

const buildkite = vendor({
  ...COMMON,
  vendor: 'Buildkite',
  evidence: 'documented',
  source: 'https://buildkite.com/docs/platform/security/tokens',
  remedy: 'Revoke it under Personal settings, API access tokens (or Agents, Agent tokens).',
});

const terraform = vendor({
  ...COMMON,
  vendor: 'HCP Terraform',
  tier: 'gold',
  source: 'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
  remedy: 'Delete or regenerate it under User, Team or Organization settings, API tokens.',
});

const pulumi = vendor({
  ...COMMON,
  vendor: 'Pulumi',
  tier: 'gold',
  source: 'https://www.pulumi.com/docs/administration/access-identity/access-tokens/',
  remedy: 'Delete it under Settings, Access tokens; use OIDC from CI instead.',
});

const harness = vendor({
  ...COMMON,
  vendor: 'Harness',
  source: 'https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/',
  remedy: 'Rotate it under the API key of the user or service account.',
});

const postman = vendor({
  ...COMMON,
  vendor: 'Postman',
  kind: 'api-key',
  source: 'https://learning.postman.com/docs/developer/postman-api/authentication/',
  remedy: 'Revoke it under Settings, API keys; Postman also lets keys end by themselves.',
});

const expo = vendor({
  ...COMMON,
  vendor: 'Expo',
  source: 'https://docs.expo.dev/accounts/programmatic-access/',
  remedy: 'Revoke it under Account settings, Access tokens; use a robot user with few rights.',
});

const trigger = vendor({
  ...COMMON,
  vendor: 'Trigger.dev',
  kind: 'api-key',
  evidence: 'observed',
  source: 'https://github.com/triggerdotdev/trigger.dev/blob/main/apps/webapp/app/utils/apiKeys.ts',
  remedy: 'Regenerate it under API keys of the environment.',
});

const kong = vendor({
  ...COMMON,
  vendor: 'Kong',
  source: 'https://developer.konghq.com/konnect-api/',
  remedy: 'Revoke it in Konnect under Personal access tokens (or the system account).',
});

/** One vendor with one kind. */
const one = (name: string, source: string, remedy: string) => vendor({ ...COMMON, vendor: name, source, remedy });

export const CI = rules(
  circle({
    id: 'circleci-personal-token',
    title: 'CircleCI personal API token',
    shape: ['CCIPAT_', letters('base58', 21, 22), '_', letters('hex-lower', 40)],
    opens: 'the projects of its owner, with their variables',
    examples: ['CIRCLE_TOKEN=CC·IPAT_skJ7oBPTcuZLJG6X2UEHuu_1772e·782a9b5543811c4bedbc289e57b6ea475a1'],
  }),
  circle({
    id: 'circleci-project-token',
    title: 'CircleCI project API token',
    shape: ['CCIPRJ_', letters('base58', 21, 22), '_', letters('hex-lower', 40)],
    opens: 'one project, as its scope says',
    examples: ['CIRCLE_TOKEN=CC·IPRJ_cNTU7tMf1MqLdPN443GSaP_38719·bf86b965c79549c4bdb552f4f4e2f931bb0'],
  }),
  circle({
    id: 'circleci-old-token',
    title: 'CircleCI API token (old form)',
    shape: [letters('hex-lower', 40)],
    near: named('circle token', 'circleci token', 'circle ci token', 'circleci api token', 'circle api token'),
    opens: 'the projects of its owner, with their variables',
    examples: ['CIRCLE_TOKEN=cf·1cd0740463c6263cca·376d1bfc76a3069ff121'],
  }),
  buildkite({
    id: 'buildkite-user-token',
    title: 'Buildkite API access token',
    shape: ['bkua_', letters('token', 40, 72, '.')],
    opens: 'pipelines and builds, as its scopes say',
    examples: ['BUILDKITE_API_TOKEN=bk·ua_aaa99f998309ac3cd·4e977bffea9e9f1b94dde7e'],
  }),
  buildkite({
    id: 'buildkite-agent-session-token',
    title: 'Buildkite agent session token',
    shape: ['bkaa_', letters('token', 32, 160, '.')],
    opens: 'speaks as a connected agent that gets jobs and secrets',
    examples: ['BUILDKITE_AGENT_ACCESS_TOKEN=bk·aa_lsCRGjWHULdHQpmr·rXS3Aigd57h8UZkm5git0'],
  }),
  buildkite({
    id: 'buildkite-agent-job-token',
    title: 'Buildkite agent job token',
    tier: 'bronze',
    shape: ['bkaj_', letters('token', 32, 1600, '.')],
    opens: 'what one job may do, while it runs',
    remedy: 'It ends with its job.',
    examples: ['BUILDKITE_AGENT_ACCESS_TOKEN=bk·aj_wh5072UKpiDOFucm·Ayyy1vh7f7djXkyc7nmJV'],
  }),
  buildkite({
    id: 'buildkite-agent-token',
    title: 'Buildkite agent token',
    shape: ['bkct_', letters('token', 40, 120, '.')],
    opens: 'connects agents to the cluster, which get jobs and secrets',
    examples: [
      'BUILDKITE_AGENT_TOKEN=bk·ct_MjE.9sVgQpX4cHbTnW7kLrD2zFyJmA8eGuR5tKxBvNq3hCwPd6SfYjM1oZiEaU7LbTgWnHk4c·XrQv',
    ],
  }),
  buildkite({
    id: 'buildkite-unclustered-agent-token',
    title: 'Buildkite unclustered agent token',
    shape: ['bkar_', letters('token', 40, 120, '.')],
    opens: 'connects agents to the organisation, which get jobs and secrets',
    examples: [
      'BUILDKITE_AGENT_TOKEN=bk·ar_NDc.dT6yWkPzQ3vHnLx8RbJ5mGcFs2uKeXaV9tCgYrE4hBwDpN7jSfMq1ZoUiT3LkWbHvXn5c·GrJp',
    ],
  }),
  buildkite({
    id: 'buildkite-packages-token',
    title: 'Buildkite packages token',
    shape: ['bkpt_', letters('token', 100, 600)],
    opens: 'reads or writes a registry of packages',
    remedy: 'Delete it under the registry’s tokens; a temporary one ends by itself.',
    examples: [
      'BUILDKITE_PACKAGES_TOKEN=bk·pt_eyJfcmFpbHMiOnsiZGF0YSI6WyIwMWY3YzI5OS00YmQxLTdlYTAtODM2Mi1jNWQwZTdiOWE0MTIiXX19--·7f2c90ab14de58376e01bc94fa25d8603c7e19b2',
    ],
  }),
  buildkite({
    id: 'buildkite-portal-token',
    title: 'Buildkite portal token',
    shape: ['bkpat_', letters('alnum', 2, 12), '_', letters('hex-lower', 40)],
    opens: 'the query of its portal, with the rights of whoever made the portal',
    remedy: 'Revoke it on the Security page of the portal; one for a user ends within hours.',
    examples: ['BUILDKITE_PORTAL_TOKEN=bk·pat_MTg_dacf8281344fe35·0ce487ff0073b3f371ff2b2ca'],
  }),
  buildkite({
    id: 'buildkite-portal-secret',
    title: 'Buildkite portal secret',
    shape: ['bkps_', letters('alnum', 2, 12), '_', letters('hex-lower', 60, 64)],
    opens: 'makes tokens of its portal',
    remedy: 'Delete it on the Security page of the portal and make a new one.',
    examples: ['BUILDKITE_PORTAL_SECRET=bk·ps_OQ_d7880319374ade1fe26a417062·b86933d1c7a64431a3f5dcf2d502e1d389'],
  }),
  one(
    'Travis CI',
    'https://docs.travis-ci.com/user/triggering-builds/',
    '`travis login` and regenerate the token in the profile.',
  )({
    id: 'travis-ci-api-token',
    title: 'Travis CI API token',
    shape: [letters('token', 22)],
    near: named('travis token', 'travis api token', 'travis ci token', 'travis access token'),
    opens: 'the repositories of its owner, with their variables',
    examples: ['TRAVIS_TOKEN=q4·nxIxH56UL·c4kK9mWNJs1'],
  }),
  terraform({
    id: 'terraform-cloud-api-token',
    title: 'HCP Terraform API token',
    shape: [letters('alnum', 14), '.atlasv1.', letters('token', 40, 72)],
    near: {
      words: ['terraform', 'tf_token', 'tfe_token', 'tfc_token', 'atlas_token', 'credentials "'],
      within: 80,
    },
    opens: 'states and runs, and so the infrastructure behind them',
    examples: [
      'credentials "app.terraform.io" { token = "RH·PTw7Hd71MSoA.atlasv1.7v5t-08kBRbHXEs7xI79·zDSk7sDkNLI5ci0Qt1oSxmyEYoGTkO4ZVis3mZrBpxwi" }',
      'TFE_TOKEN=ss·j7fMzsoSAaQ8.atlasv1.F1cABLjXhHf4q5FtdOX5Nn·NJbduQc7vK9u1Ne43qLSPsiDUQB6M1tI9j1Lp9Bf5FnEvA',
    ],
  }),
  pulumi({
    id: 'pulumi-access-token',
    title: 'Pulumi access token',
    shape: ['pul-', letters('hex-lower', 40)],
    opens: 'stacks and their secrets, and so the infrastructure behind them',
    examples: ['PULUMI_ACCESS_TOKEN=pu·l-66c7ed28f19e656580·ca6c78b210838d2358816e'],
  }),
  one(
    'Jenkins',
    'https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/',
    'Revoke it under the user’s Security page.',
  )({
    id: 'jenkins-api-token',
    title: 'Jenkins API token',
    shape: ['11', letters('hex-lower', 32)],
    near: named('jenkins api token', 'jenkins token', 'jenkins user token', 'jenkins password'),
    opens: 'jobs and credentials, as its user',
    evidence: 'observed',
    source:
      'https://github.com/jenkinsci/jenkins/blob/master/core/src/main/java/jenkins/security/apitoken/ApiTokenStore.java',
    examples: ['JENKINS_API_TOKEN=11·8939c047a23513a·3ef7beb3e12475aa1'],
  }),
  one(
    'AppVeyor',
    'https://www.appveyor.com/docs/api/',
    'Regenerate it under My account, API keys.',
  )({
    id: 'appveyor-api-token',
    title: 'AppVeyor API token',
    shape: ['v2.', letters('alnum-lower', 20)],
    near: named('appveyor api token', 'appveyor token', 'appveyor api key'),
    opens: 'the projects of the account, with their variables',
    examples: ['APPVEYOR_TOKEN=v2·.iituko78·slw4q8jmndaj'],
  }),
  one(
    'Codefresh',
    'https://codefresh.io/docs/docs/integrations/codefresh-api/',
    'Delete it under User settings, API keys.',
  )({
    id: 'codefresh-api-key',
    title: 'Codefresh API key',
    kind: 'api-key',
    shape: [letters('hex-lower', 24), '.', letters('hex-lower', 32)],
    near: named('codefresh api key', 'cf api key', 'codefresh token', 'codefresh api token'),
    opens: 'pipelines of the account, as its scopes say',
    examples: ['CODEFRESH_API_KEY=ec·59b3971d24680a44b162fa.1e2·f0b06ccdcbb733ba0173e8cf90537'],
  }),
  harness({
    id: 'harness-personal-access-token',
    title: 'Harness personal access token',
    shape: ['pat.', letters('token', 22), '.', letters('hex-lower', 24), '.', letters('alnum', 20)],
    opens: 'pipelines and secrets, as its owner',
    examples: ['HARNESS_API_KEY=pa·t.vjBXndJfoSY0oXoB526Jmn.a8b9296db·2fc8e792178bec1.VgJl92c76QBJhicJqF36'],
  }),
  harness({
    id: 'harness-service-account-token',
    title: 'Harness service account token',
    shape: ['sat.', letters('token', 22), '.', letters('hex-lower', 24), '.', letters('alnum', 20)],
    opens: 'pipelines and secrets, as the service account',
    examples: ['HARNESS_API_KEY=sa·t.QOjS09Ih_M19n6BPx8EyCQ.216e2c827·846397c6154b942.1P8kkFxbmY7Uu5tUnhdc'],
  }),
  one(
    'Octopus Deploy',
    'https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key',
    'Revoke it in the profile, My API keys.',
  )({
    id: 'octopus-deploy-api-key',
    title: 'Octopus Deploy API key',
    kind: 'api-key',
    shape: ['API-', letters('alnum-upper', 25, 32)],
    near: { words: ['octopus', 'octo_api', 'x-octopus-apikey'], within: 60 },
    opens: 'releases and deployments, as its user',
    evidence: 'observed',
    source: 'https://octopus.com/docs/octopus-rest-api/examples/users-and-teams/create-api-key',
    examples: ['X-Octopus-ApiKey: AP·I-SXIWYI4BW0·YYZDZ7FR1INRA41'],
    notThese: ['octopus --apiKey API-XXXXXXXXXXXXXXXXXXXXXXXXXX'],
  }),
  one(
    'Codecov',
    'https://docs.codecov.com/docs/codecov-tokens',
    'Regenerate it in the repository’s configuration on Codecov.',
  )({
    id: 'codecov-token',
    title: 'Codecov upload token',
    tier: 'bronze',
    shape: [...UUID],
    near: named('codecov token', 'codecov upload token'),
    opens: 'uploads reports of the repository',
    examples: ['CODECOV_TOKEN=35·c425f6-af3d-feca·-f46b-c3e6e80c521f'],
  }),
  one(
    'Coveralls',
    'https://docs.coveralls.io/',
    'Regenerate it on the repository’s settings page.',
  )({
    id: 'coveralls-repo-token',
    title: 'Coveralls repository token',
    tier: 'bronze',
    shape: [letters('alnum', 32, 33)],
    near: named('coveralls repo token', 'coveralls token'),
    opens: 'uploads reports of the repository',
    examples: ['COVERALLS_REPO_TOKEN=nM·P26TnKskByR1t2·QGj3FQoxgYjqjdGg'],
  }),
  one(
    'Chromatic',
    'https://www.chromatic.com/docs/setup/',
    'Reset it under Manage, Configure.',
  )({
    id: 'chromatic-project-token',
    title: 'Chromatic project token',
    tier: 'bronze',
    shape: ['chpt_', letters('hex-lower', 15, 20)],
    opens: 'uploads builds of the project',
    examples: ['CHROMATIC_PROJECT_TOKEN=ch·pt_2c5bd·aea3c1e507'],
  }),
  one(
    'Cypress',
    'https://docs.cypress.io/cloud/account-management/projects',
    'Remove it under Project settings, Record keys.',
  )({
    id: 'cypress-record-key',
    title: 'Cypress record key',
    tier: 'bronze',
    shape: [...UUID],
    near: named('cypress record key', 'cypress recordkey'),
    opens: 'records runs of the project',
    examples: ['CYPRESS_RECORD_KEY=a7·dfdb0b-89b2-fd1b·-20ab-fc9ef7bedfbe'],
  }),
  one(
    'Sauce Labs',
    'https://docs.saucelabs.com/basics/acct-team-mgmt/managing-user-info/',
    'Regenerate it under User settings.',
  )({
    id: 'saucelabs-access-key',
    title: 'Sauce Labs access key',
    shape: [...UUID],
    near: named('sauce access key', 'saucelabs access key', 'sauce key', 'sauce labs access key'),
    opens: 'runs browsers at the account’s cost',
    examples: ['SAUCE_ACCESS_KEY=b8·daf0cb-bdd3-f47d·-ff47-bdeceaee5380'],
  }),
  one(
    'BrowserStack',
    'https://www.browserstack.com/docs/iaam/security/access-key',
    'Reset it under Account, Settings.',
  )({
    id: 'browserstack-access-key',
    title: 'BrowserStack access key',
    shape: [letters('alnum', 20)],
    near: named('browserstack access key', 'browserstack key', 'browserstack accesskey'),
    opens: 'runs browsers at the account’s cost',
    examples: ['BROWSERSTACK_ACCESS_KEY=n6·YEA5Rkhf·B5aEFdvPqs'],
  }),
  postman({
    id: 'postman-api-key',
    title: 'Postman API key',
    shape: ['PMAK-', letters('hex-lower', 24), '-', letters('hex-lower', 34)],
    opens: 'workspaces and environments of its owner, with the secrets in them',
    examples: ['X-API-Key: PM·AK-850e9973fac703921e6587a8-b9·480abe285517c5e060e13917fdda2fa6'],
  }),
  postman({
    id: 'postman-collection-access-key',
    title: 'Postman collection access key',
    kind: 'access-token',
    tier: 'bronze',
    shape: ['PMAT-', letters('alnum-upper', 26)],
    opens: 'reads one collection',
    examples: ['https://api.postman.com/collections/1?access_key=PM·AT-H1U2WZLRPA·N13A38RRA3BJTGRA'],
  }),
  one(
    'ReadMe',
    'https://docs.readme.com/main/reference/authentication',
    'Delete it under Configuration, API keys.',
  )({
    id: 'readme-api-key',
    title: 'ReadMe API key',
    kind: 'api-key',
    shape: ['rdme_', letters('alnum-lower', 70)],
    opens: 'changes the project’s documentation',
    examples: ['README_API_KEY=rd·me_2ae182b053ujg0pw194b1q0ym8jqg7ve·cm1x86oyo37rem3smfqovym7dhtbdzpqa2h5sa'],
  }),
  expo({
    id: 'expo-access-token',
    title: 'Expo access token',
    shape: [letters('token', 40)],
    near: named('expo token', 'expo access token', 'eas token'),
    opens: 'builds and publishes the apps of its owner',
    examples: ['EXPO_TOKEN=RI·kB2UH-AS2ii0FgY8xo·OjMYJmxQEXQnr9JVhams'],
  }),
  one(
    'Nx Cloud',
    'https://nx.dev/docs/guides/nx-cloud/access-tokens',
    'Delete it under Workspace settings, Access tokens.',
  )({
    id: 'nx-cloud-access-token',
    title: 'Nx Cloud access token',
    tier: 'bronze',
    shape: [base64(54, 72, '-_'), letters('digits', 0, 2, '=')],
    near: named('nx cloud access token', 'nx cloud auth token'),
    opens: 'reads or writes the build cache: with a writing one, what others build',
    examples: ['NX_CLOUD_ACCESS_TOKEN=Cr·pVgwQWkwP3C4AmRu2vDAeHo5mEounwX·Gxy9RugoNyz5yezrIKNPwyR3vE7XXJ8YX'],
  }),
  trigger({
    id: 'triggerdev-production-key',
    title: 'Trigger.dev production, staging or preview key',
    shape: ['tr_', { any: ['prod_', 'stg_', 'preview_'] }, letters('token', 20, 40)],
    opens: 'starts and reads runs of the project',
    examples: ['TRIGGER_SECRET_KEY=tr·_prod_24qsIx37·2UXIkzvN0MNyDZHx'],
  }),
  trigger({
    id: 'triggerdev-development-key',
    title: 'Trigger.dev development key',
    tier: 'bronze',
    shape: ['tr_dev_', letters('token', 20, 40)],
    opens: 'starts and reads runs of the development environment',
    examples: ['TRIGGER_SECRET_KEY=tr·_dev_3Vs9XYf·pMRrnkrUukiHXi9'],
  }),
  trigger({
    id: 'triggerdev-personal-token',
    title: 'Trigger.dev personal access token',
    kind: 'access-token',
    shape: ['tr_pat_', letters('token', 36, 64)],
    opens: 'deploys to the projects of its owner',
    source:
      'https://github.com/triggerdotdev/trigger.dev/blob/main/apps/webapp/app/services/personalAccessToken.server.ts',
    examples: ['TRIGGER_ACCESS_TOKEN=tr·_pat_pk4qi22ittk431ql8d·174u004jx89c3x2tirz5yo17fd'],
  }),
  one(
    'Inngest',
    'https://www.inngest.com/docs/platform/signing-keys',
    'Make a new signing key under Manage, and rotate.',
  )({
    id: 'inngest-signing-key',
    title: 'Inngest signing key',
    kind: 'signing-key',
    shape: ['signkey-prod-', letters('hex-lower', 32, 64)],
    opens: 'runs the functions of the application',
    examples: ['INNGEST_SIGNING_KEY=si·gnkey-prod-2bd52719f2·90da4fb43e46ccbf03200b6'],
  }),
  one(
    'Infracost',
    'https://www.infracost.io/docs/features/cli_commands/',
    'Regenerate it under Org settings, API tokens.',
  )({
    id: 'infracost-api-key',
    title: 'Infracost API key',
    kind: 'api-key',
    tier: 'bronze',
    shape: ['ico-', letters('alnum', 32)],
    opens: 'asks for prices in the organisation’s name',
    examples: ['INFRACOST_API_KEY=ic·o-4zVuM6qQBGuMPq·VBuaOaAyrJo5F0kmub'],
  }),
  kong({
    id: 'kong-personal-access-token',
    title: 'Kong Konnect personal access token',
    shape: ['kpat_', letters('alnum', 40, 64)],
    opens: 'gateways and routes of its owner’s organisation',
    evidence: 'observed',
    source: 'https://developer.konghq.com/konnect-api',
    examples: ['KONNECT_TOKEN=kp·at_k3uBky2MWG2kXTz3195q59·WQOSePMt0HIj2YImkNiTXZKneHRt'],
  }),
  kong({
    id: 'kong-system-account-token',
    title: 'Kong Konnect system account token',
    shape: ['spat_', letters('alnum', 40, 64)],
    opens: 'gateways and routes, as the system account',
    examples: ['KONNECT_TOKEN=sp·at_GEiei5RXFBPRygcd0nhCRV·ouRKI548KI8RsoTX3V8vqdOuh4cx'],
  }),
  one(
    'RapidAPI',
    'https://docs.rapidapi.com/docs/keys',
    'Delete the application’s key in the developer dashboard and add a new one.',
  )({
    id: 'rapidapi-key',
    title: 'RapidAPI key',
    kind: 'api-key',
    shape: [
      letters('hex-lower', 10),
      'msh',
      letters('hex-lower', 15),
      'p1',
      letters('hex-lower', 5),
      'jsn',
      letters('hex-lower', 12),
    ],
    near: { words: ['rapidapi', 'rapid_api', 'rapid-api'], within: 60 },
    opens: 'calls APIs at the owner’s cost',
    examples: ['X-RapidAPI-Key: b7·18aed8bamsh4c3e77a8d07a·bd4p1d20f2jsn0e2f6730ea1b'],
  }),
);
