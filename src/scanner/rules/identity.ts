import { rules } from '../rule.ts';
import { base64, letters, named, UUID } from './parts.ts';
import { vendor } from './vendor.ts';

const COMMON = { kind: 'access-token', tier: 'gold', rotation: 'api', evidence: 'documented' } as const;

const okta = vendor({
  ...COMMON,
  vendor: 'Okta',
  source: 'https://developer.okta.com/docs/guides/create-an-api-token/main/',
  remedy: 'Revoke it under Security, API, Tokens; prefer a service app with OAuth and narrow scopes.',
});

const auth0 = vendor({
  ...COMMON,
  vendor: 'Auth0',
  kind: 'client-secret',
  evidence: 'reported',
  source: 'https://auth0.com/docs/get-started/applications/rotate-client-secret',
  remedy: 'Rotate the secret under the application’s settings.',
});

const clerk = vendor({
  ...COMMON,
  vendor: 'Clerk',
  kind: 'api-key',
  evidence: 'observed',
  source: 'https://github.com/clerk/javascript/blob/main/packages/shared/src/keys.ts',
  remedy: 'Add a second secret key under API keys, move the servers, delete the first.',
});

const onepassword = vendor({
  ...COMMON,
  vendor: '1Password',
  source: 'https://developer.1password.com/docs/service-accounts/get-started/',
  remedy: 'Rotate or delete the service account’s token on 1password.com under Developer, Access tokens.',
});

const doppler = vendor({
  ...COMMON,
  vendor: 'Doppler',
  evidence: 'reported',
  source: 'https://docs.doppler.com/docs/service-tokens',
  remedy: 'Revoke it in the dashboard, or `doppler configs tokens revoke`.',
});

const vault = vendor({
  ...COMMON,
  vendor: 'HashiCorp Vault',
  source: 'https://developer.hashicorp.com/vault/docs/concepts/tokens',
  remedy: '`vault token revoke <token>`; it ends its children and leases too.',
});

const infisical = vendor({
  ...COMMON,
  vendor: 'Infisical',
  evidence: 'observed',
  source:
    'https://github.com/Infisical/infisical/blob/main/backend/src/services/service-token/service-token-service.ts',
  remedy: 'Delete it under Project settings, Service tokens; use a machine identity with an end.',
});

const age = vendor({
  ...COMMON,
  vendor: 'age',
  kind: 'private-key',
  rotation: 'none',
  source: 'https://github.com/C2SP/C2SP/blob/main/age.md',
  remedy:
    'Make a new identity with `age-keygen`, encrypt everything anew to it, and change every secret that the old one could open.',
});

const wireguard = vendor({
  ...COMMON,
  vendor: 'WireGuard',
  rotation: 'restart',
  source: 'https://github.com/WireGuard/wireguard-tools/blob/master/src/man/wg.8',
  remedy: 'Make a new key with `wg genkey`, change the public key at every peer, and start the interface again.',
});

const ory = vendor({
  ...COMMON,
  vendor: 'Ory',
  evidence: 'observed',
  source: 'https://www.ory.sh/docs/concepts/personal-access-token',
  remedy: 'Delete it in the Ory Console, or revoke it at `/oauth2/revoke`.',
});

const bitcoin = vendor({
  ...COMMON,
  vendor: 'Bitcoin',
  kind: 'private-key',
  rotation: 'none',
  source: 'https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki',
  remedy: 'Move everything to addresses of a new wallet now; a key cannot be revoked.',
});

const sonar = vendor({
  ...COMMON,
  vendor: 'SonarQube',
  tier: 'silver',
  evidence: 'observed',
  source:
    'https://github.com/SonarSource/sonarqube/blob/master/server/sonar-db-dao/src/main/java/org/sonar/db/user/TokenType.java',
  remedy: 'Revoke it under My account, Security, and make one with an end.',
});

/** One vendor with one kind. */
const one = (name: string, source: string, remedy: string) => vendor({ ...COMMON, vendor: name, source, remedy });

export const IDENTITY = rules(
  one(
    'Chatelaine',
    'docs/guarantees.md',
    '`./chatelaine token revoke <id>`: it ends at once, everywhere.',
  )({
    id: 'chatelaine-token',
    title: 'Chatelaine token',
    shape: ['chtl_', letters('alnum', 49)],
    checksum: 'chatelaine',
    opens: 'the credentials that its holder was granted',
    examples: ['CHATELAINE_TOKEN=ch·tl_9FMipUisPtDPDaImB9TSno·2Pu7etWuMNXE8Hp0tLtGK0AIYfx'],
  }),
  okta({
    id: 'okta-api-token',
    title: 'Okta API token',
    shape: ['00', letters('token', 40)],
    near: {
      words: ['ssws', ...named('okta api token', 'okta token', 'okta client token', 'okta api key').words],
      within: 24,
    },
    opens: 'users and applications of the organisation, as its owner',
    evidence: 'observed',
    examples: [
      'Authorization: SSWS 00·Z5Fn3qdM6zoi-aGJE9h·JugmOA9FMGLVoBlanhAIs',
      'OKTA_API_TOKEN=00·pWpi7LvlVi98QL7ygIE·9-awibenA10C-SgpWXieD',
    ],
    notThese: ['Authorization: SSWS {{apikey}}'],
  }),
  okta({
    id: 'okta-client-secret',
    title: 'Okta client secret',
    kind: 'client-secret',
    shape: [letters('token', 64)],
    near: named('okta client secret', 'okta oauth2 client secret', 'okta secret'),
    opens: 'speaks as the application when users sign in with Okta',
    evidence: 'reported',
    source: 'https://developer.okta.com/docs/guides/client-secret-rotation-key/main/',
    remedy: 'Add a second secret to the application, move, deactivate and delete the first.',
    examples: ['OKTA_CLIENT_SECRET=q3·OMX0-nF-hfRFJrI7s3QO7BsSG6D-Ju·cM7mmAsy2pWHI60GC27CN1odV2Q6vFb2'],
  }),
  auth0({
    id: 'auth0-client-secret',
    title: 'Auth0 client secret',
    shape: [letters('token', 64)],
    near: named('auth0 client secret', 'auth0 secret', 'auth0 management client secret', 'auth0 m2m client secret'),
    opens: 'speaks as the application when users sign in with Auth0',
    examples: ['AUTH0_CLIENT_SECRET=ji·5b27ZfcUutFh4dpB8Rygt7phQbsMJr·ipx_ZXJh_ywwvUJwGEsG__g5znV45urw'],
  }),
  clerk({
    id: 'clerk-live-secret-key',
    title: 'Clerk live secret key',
    shape: ['sk_live_', letters('alnum', 36, 64)],
    near: { words: ['clerk'], within: 60 },
    opens: 'signs in as any user of the application',
    examples: ['CLERK_SECRET_KEY=sk·_live_YVe1vGpm8Xu8XK4af·IRJ758ko4izEtSf2sPd1BbifN'],
  }),
  clerk({
    id: 'clerk-test-secret-key',
    title: 'Clerk test secret key',
    tier: 'bronze',
    shape: ['sk_test_', letters('alnum', 36, 64)],
    near: { words: ['clerk'], within: 60 },
    opens: 'the development instance',
    examples: ['CLERK_SECRET_KEY=sk·_test_C2LZYubNZYFY2l8En·eN4ggoPhfldp3HMSfTS9Ukz0m'],
  }),
  onepassword({
    id: '1password-service-account-token',
    title: '1Password service account token',
    shape: ['ops_eyJ', letters('alnum', 250, 1500, '+/_=-')],
    opens: 'the vaults of the service account',
    evidence: 'reported',
    examples: [
      'OP_SERVICE_ACCOUNT_TOKEN=op·s_eyJkp=3WOL/k9mi/BN9aJUlAUVFiIOFL6d8vSqmPL/mIcT9rsBcWUbVIUzwQxqX5ksiov0GYHtbAKAm0jOJ/VMRkk+y+Vbzj=bPLOt+1Za9/crmLOQ6/SBtr2gdXW3·KQLqEjrszcjXT6dIraVauKDyn5mZ6_KykVb0i7G_ebQl=z18oIlbK6jlHhx9c3w9XlRkJD8_RD4/Fo=ncqd4Bm51+4XpSUT4LWYDwUI0cYys6Z4D+tn2P4CtDOnD2Poz7P',
    ],
  }),
  onepassword({
    id: '1password-secret-key',
    title: '1Password secret key',
    kind: 'backup-key',
    shape: [
      'A3-',
      letters('alnum-upper', 6),
      '-',
      letters('alnum-upper', 6),
      '-',
      letters('alnum-upper', 5),
      '-',
      letters('alnum-upper', 5),
      '-',
      letters('alnum-upper', 5),
      '-',
      letters('alnum-upper', 5),
    ],
    opens: 'with the account’s password, every vault of the account',
    source: 'https://support.1password.com/secret-key-security/',
    remedy: 'Regenerate it on 1password.com under Manage account.',
    examples: ['Secret Key: A3·-9UD2ME-8K5ZQ4-E20·AI-LQHOK-DP47K-83SKW'],
    notThese: ['A3-XXXXXX-XXXXXX-XXXXX-XXXXX-XXXXX-XXXXX'],
  }),
  doppler({
    id: 'doppler-personal-token',
    title: 'Doppler personal token',
    shape: ['dp.pt.', letters('alnum', 40, 44)],
    opens: 'every secret that its owner may read',
    examples: ['DOPPLER_TOKEN=dp·.pt.FSFZ1pQGX67EPJZnpa·91suW1vZOw8jVwheApyhUJ9Q'],
  }),
  doppler({
    id: 'doppler-cli-token',
    title: 'Doppler CLI token',
    shape: ['dp.ct.', letters('alnum', 40, 44)],
    opens: 'every secret that its owner may read',
    examples: ['token: dp·.ct.p8OyEit43YxVfrXCT·65znIQH7RdZbRSQZDCPtlNSS'],
  }),
  doppler({
    id: 'doppler-service-token',
    title: 'Doppler service token',
    shape: ['dp.st.', letters('alnum', 2, 35, '_.-'), '.', letters('alnum', 40, 44)],
    opens: 'every secret of one configuration',
    examples: ['DOPPLER_TOKEN=dp·.st.Qz.F52hWBaKTiQaEKUJn·ampqa87cVDP3NiNf61h6jlgag9'],
  }),
  doppler({
    id: 'doppler-service-account-token',
    title: 'Doppler service account token',
    shape: ['dp.sa.', letters('alnum', 40, 44)],
    opens: 'the secrets that the service account was granted',
    examples: ['DOPPLER_TOKEN=dp·.sa.gr2T1A4RlXq7QGU8A9D·JDM5tkFrGlgovZ4FEwlxKRmx1'],
  }),
  doppler({
    id: 'doppler-scim-token',
    title: 'Doppler SCIM token',
    shape: ['dp.scim.', letters('alnum', 40, 44)],
    opens: 'adds and removes the users of the workplace',
    examples: ['SCIM_TOKEN=dp·.scim.0ojBSEPqLSmccd42z·Xntmd5EabFfn1L0oAlR59deaEp'],
  }),
  doppler({
    id: 'doppler-audit-token',
    title: 'Doppler audit token',
    tier: 'silver',
    shape: ['dp.audit.', letters('alnum', 40, 44)],
    opens: 'reads the activity of the workplace',
    examples: ['DOPPLER_TOKEN=dp·.audit.sOHzgWNArdywsiBa·igSBqmB03jxYI2dA5c5oDKBxGw'],
  }),
  vault({
    id: 'hashicorp-vault-service-token',
    title: 'Vault service token',
    shape: ['hvs.', letters('token', 90, 300)],
    opens: 'the secrets that its policies name',
    evidence: 'reported',
    examples: [
      'VAULT_TOKEN=hv·s.tDzV9dcMyZMdTN9vvErEDs0Wadzqw4bWhzfzVwhmOHfD·i4npL4rcUV2ZmLOB0za_IK1zfYHPkvhnQqJV6HFIr8arWQBH',
    ],
  }),
  vault({
    id: 'hashicorp-vault-root-token',
    title: 'Vault root or short service token',
    shape: ['hvs.', letters('alnum', 24)],
    opens: 'a root token opens everything',
    examples: ['VAULT_TOKEN=hv·s.OLcfuRMt3E·EqftWRaqN4YCTu'],
    notThese: ['hvs.your_token_goes_right_here'],
  }),
  vault({
    id: 'hashicorp-vault-batch-token',
    title: 'Vault batch token',
    shape: ['hvb.', letters('token', 24, 500)],
    opens: 'the secrets that its policies name, until it ends',
    remedy: 'It cannot be revoked by itself: revoke its parent, or wait for its end.',
    examples: [
      'VAULT_TOKEN=hv·b.CkM_O5ZS1xPBCUc3Pl7jvUeM064nzA5hWD40pPbV89KF2yqUf·Z7tXiypotWa1SO7jCv3o1CbSFidlAo7mrCcvuCgN5f7K-94uiF83QX',
    ],
  }),
  vault({
    id: 'hashicorp-vault-recovery-token',
    title: 'Vault recovery token',
    shape: ['hvr.', letters('token', 24, 300)],
    opens: 'the raw storage while the server runs in recovery mode',
    examples: ['VAULT_TOKEN=hv·r.ptpSafZYs1j·efep_7v-x8xriXoL'],
  }),
  vault({
    id: 'hashicorp-vault-old-token',
    title: 'Vault token, before 1.10',
    shape: ['s.', letters('alnum', 24)],
    near: named('vault token', 'x vault token', 'vault dev root token id', 'vault root token'),
    opens: 'the secrets that its policies name',
    examples: ['VAULT_TOKEN=s.·zln7q9LvUe6·YFKIJX8sWjvxg'],
  }),
  one(
    'HashiCorp Consul',
    'https://developer.hashicorp.com/consul/docs/security/acl/tokens',
    '`consul acl token delete -id <accessor>`, and make one with narrow policies.',
  )({
    id: 'hashicorp-consul-token',
    title: 'Consul ACL token',
    shape: [...UUID],
    near: named('consul http token', 'consul token', 'x consul token', 'consul acl token', 'consul management token'),
    opens: 'keys and services that its policies name',
    evidence: 'observed',
    examples: ['CONSUL_HTTP_TOKEN=6b·d38cec-154d-1cfe·-fc7d-1632ec327efa'],
    notThese: ['CONSUL_HTTP_TOKEN=00000000-0000-0000-0000-000000000002'],
  }),
  one(
    'HashiCorp Nomad',
    'https://developer.hashicorp.com/nomad/api-docs/acl/tokens',
    '`nomad acl token delete <accessor>`, and make one with narrow policies.',
  )({
    id: 'hashicorp-nomad-token',
    title: 'Nomad ACL token',
    shape: [...UUID],
    near: named('nomad token', 'x nomad token', 'nomad acl token'),
    opens: 'jobs of the cluster, and so its machines',
    evidence: 'observed',
    examples: ['NOMAD_TOKEN=84·09e576-46d3-aadc·-12e1-6bbf00ffd0f0'],
  }),
  infisical({
    id: 'infisical-service-token',
    title: 'Infisical service token',
    shape: ['st.', letters('hex-lower', 24), '.', letters('hex-lower', 32), '.', letters('hex-lower', 32)],
    opens: 'the secrets of one project and environment',
    evidence: 'reported',
    examples: [
      'INFISICAL_TOKEN=st·.79a17a35ac1a8c332ff7086b.56cca90409029946a9·48554a07a146f0.94ea31bc4402c0ad3a04e82b2a4c6f58',
    ],
  }),
  infisical({
    id: 'infisical-service-token-uuid',
    title: 'Infisical service token (newer form)',
    shape: ['st.', ...UUID, '.', letters('hex-lower', 32, 65, '.')],
    opens: 'the secrets of one project and environment',
    examples: [
      'INFISICAL_TOKEN=st·.ef7caae2-1fd1-6ac5-ae8f-4c31f8ca0b50.78c8e81a17d6·40299ed1d3749588966e.1b7be0e357e402cabe7d5e9af4a2c4a4',
    ],
  }),
  one(
    'Bitwarden',
    'https://bitwarden.com/help/access-tokens/',
    'Revoke it under the machine account, Access tokens.',
  )({
    id: 'bitwarden-access-token',
    title: 'Bitwarden Secrets Manager access token',
    shape: ['0.', ...UUID, '.', letters('alnum', 30), ':', base64(22), '=='],
    near: named('bws access token', 'bitwarden access token', 'bitwarden token', 'bws token'),
    opens: 'the secrets that the machine account may read',
    evidence: 'observed',
    source: 'https://github.com/bitwarden/sdk/blob/main/crates/bitwarden-core/src/auth/access_token.rs',
    examples: [
      'BWS_ACCESS_TOKEN=0.·f7fad22c-f4f8-ac07-74b7-139ba034f3ed.UK3qQY6A·kEzVMaqQ1CEmEfOu6lY3ke:ACzKFVjiinjoCzFhqK+yn+==',
    ],
  }),
  age({
    id: 'age-secret-key',
    title: 'age secret key',
    shape: ['AGE-SECRET-KEY-1', letters('alnum-upper', 58)],
    opens: 'everything that was encrypted to it',
    examples: ['# public key: age1…\nAG·E-SECRET-KEY-1GSNO4ZWQPT5Q0BGWUVLKL·GGBZUB99QBVNL00JGZCXFANB9M6JY0S0VKKQT'],
  }),
  age({
    id: 'age-hybrid-secret-key',
    title: 'age post-quantum secret key',
    shape: ['AGE-SECRET-KEY-PQ-1', letters('alnum-upper', 50, 120)],
    opens: 'everything that was encrypted to it',
    evidence: 'observed',
    examples: ['AG·E-SECRET-KEY-PQ-114NRVAXRKPF5ZHU·ZRVI2VML9RVQ6Z5Q1FR8K6SPM3JG62J2IQU'],
  }),
  age({
    id: 'age-plugin-identity',
    title: 'age plugin identity',
    tier: 'silver',
    shape: ['AGE-PLUGIN-', letters('alnum-upper', 2, 30), '-1', letters('alnum-upper', 20, 400)],
    opens: 'what was encrypted to it, with the token or service of the plugin beside it',
    evidence: 'reported',
    examples: ['AG·E-PLUGIN-8E-17FVT·UDPHNE992DNGMXBNGXE'],
  }),
  wireguard({
    id: 'wireguard-private-key',
    title: 'WireGuard private key',
    kind: 'private-key',
    shape: [base64(42), { any: ['A', 'E', 'I', 'M', 'Q', 'U', 'Y', 'c', 'g', 'k', 'o', 's', 'w', '0', '4', '8'] }, '='],
    near: { words: ['privatekey', 'private_key', 'private-key', 'wg_private', 'wireguard_key'], within: 24 },
    opens: 'the network behind the tunnel, as this peer',
    examples: ['[Interface]\nPrivateKey = RF·UbL7jRKGm1bbi6xHPMTo·QXTgEAcmHB6QrYKneLGpM='],
    notThese: [
      'PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
      'PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=',
    ],
  }),
  wireguard({
    id: 'wireguard-preshared-key',
    title: 'WireGuard pre-shared key',
    kind: 'pre-shared-key',
    tier: 'silver',
    shape: [base64(42), { any: ['A', 'E', 'I', 'M', 'Q', 'U', 'Y', 'c', 'g', 'k', 'o', 's', 'w', '0', '4', '8'] }, '='],
    near: { words: ['presharedkey', 'preshared_key', 'preshared-key', 'pre_shared_key', 'pre-shared-key'], within: 24 },
    opens: 'nothing alone; it takes away the second lock of the tunnel',
    remedy: 'Make a new one with `wg genpsk` and change it at both ends.',
    examples: ['PresharedKey = 46·ft+V39WymOXZVgH3uhei·54+PyTgAKmLoFSq0uH7wk='],
  }),
  one(
    'OpenVPN',
    'https://openvpn.net/community-resources/static-key-mini-howto/',
    'Make a new one: `openvpn --genkey tls-crypt`; change it at the server and every client.',
  )({
    id: 'openvpn-static-key',
    title: 'OpenVPN static key',
    kind: 'pre-shared-key',
    rotation: 'restart',
    tier: 'silver',
    shape: ['-----BEGIN OpenVPN Static key V1-----', letters('hex', 512, 600, '\r\n')],
    opens: 'the outer lock of the tunnel; with a static-key tunnel, all of it',
    evidence: 'observed',
    source: 'https://github.com/OpenVPN/openvpn/blob/master/sample/sample-keys/ta.key',
    examples: [
      '<tls-crypt>\n--·---BEGIN OpenVPN Static key V1-----be63C22EFF2068d4Df978db8bE17d0b72b7F467DBCa0932f1379F7bFE6A7CBf95F440d75b405c2EEb8EFCF6B3853cCcE112dfF7bce25847e9b13BcAdCf2F371BA8fCDD430946F0fdF7DEeDa9bda5C5BF9cACD88423c1e456791CDDd27615Cf0aD503be4CaDcd5Ae36f2eD53CaEe61C4FF050ccFfF2FC3F1d7·72100D0BC80962DeDc2D9f5CFd3E6FA55dDf9EF3fe55aBaFA9F2CEfdb6fA2dEDBdcedB2bE3fceFBEC11C8dF0F0a11e10a26C5e1125BD7CbE17b9dAB2fD223bD455fC856c79bf2efff50A0a12b456aDa1AEb9e74d7Dbec897F54EBD6584D7aaADC223cfecAEBfb8C17Df736A5Aeee5bBfceAB06fcDcfc5CB6D6A4Ad863C3a330DAE6dCbcA7eE9FbA4Cd9b8Dd\n-----END OpenVPN Static key V1-----',
    ],
  }),
  ory({
    id: 'ory-personal-access-token',
    title: 'Ory Network API key',
    shape: ['ory_pat_', letters('alnum', 28, 48)],
    opens: 'identities and permissions of the project',
    examples: ['ORY_API_KEY=or·y_pat_mlFVzxAZ14RZ·PspRjAguTLL6mqP5h9V9'],
  }),
  ory({
    id: 'ory-workspace-api-key',
    title: 'Ory Network workspace API key',
    shape: ['ory_wak_', letters('alnum', 28, 48)],
    opens: 'every project of the workspace',
    evidence: 'reported',
    examples: ['ORY_WORKSPACE_API_KEY=or·y_wak_hGDuuxCSJXuN·y2NQMAml39hst5cRzSyN'],
  }),
  ory({
    id: 'ory-access-token',
    title: 'Ory OAuth access token',
    tier: 'silver',
    shape: ['ory_at_', letters('token', 43), '.', letters('token', 43)],
    opens: 'what its user allowed the client, until it ends',
    evidence: 'observed',
    source: 'https://github.com/ory/fosite/blob/master/handler/oauth2/strategy_hmacsha_prefixed.go',
    examples: [
      'access_token: or·y_at_vyLF2qN4e3tCH2RIG2KvsYC73ogw3MQCQGHFZaR1·mjR.yADMHJVHSVB1aDibwKGwaf5U1d05b6IH7LHmpXu78WF',
    ],
  }),
  ory({
    id: 'ory-refresh-token',
    title: 'Ory OAuth refresh token',
    kind: 'refresh-token',
    tier: 'silver',
    shape: ['ory_rt_', letters('token', 43), '.', letters('token', 43)],
    opens: 'new access tokens for the client',
    evidence: 'observed',
    source: 'https://github.com/ory/fosite/blob/master/handler/oauth2/strategy_hmacsha_prefixed.go',
    examples: [
      'refresh_token: or·y_rt_JiW6iG1xl0SK5agqNUfabjzjL1eARrFuRs7_9tZK·pY0.N5HF_N4P3_cNsdiYokASsZQkS4Hr6JfBavqPjLmGMXa',
    ],
  }),
  bitcoin({
    id: 'bitcoin-extended-private-key',
    title: 'BIP 32 extended private key',
    shape: ['xprv', letters('base58', 107, 108)],
    opens: 'every coin of the wallet',
    examples: [
      'wallet: xp·rvxbDmo94n96LbqJ3vBGznr8grCQCeuM97TyW8zHNFy4x2JPrsJa5W·uX5rRpiBkUEHCSd3ZHzeFL9DpPFwQZQg27sfwxNXzSNsMCRYKjvopwkA',
    ],
    notThese: [
      'xprv9s21ZrQH143K3QTDL4LXw·2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi',
    ],
  }),
  one(
    'Nostr',
    'https://github.com/nostr-protocol/nips/blob/master/19.md',
    'Make a new key and tell your readers; a key cannot be revoked.',
  )({
    id: 'nostr-secret-key',
    title: 'Nostr secret key',
    kind: 'private-key',
    rotation: 'none',
    tier: 'silver',
    shape: ['nsec1', letters('alnum-lower', 58)],
    opens: 'writes as its owner',
    examples: ['NOSTR_NSEC=ns·ec1xj4hfvshaozh8uvzyaezgc8esf·qk0nr0hajiaiyixau9aswfeo3rhwkrv4'],
    notThese: ['nsec1vl029mgpspedva04g90·vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5'],
  }),
  sonar({
    id: 'sonarqube-user-token',
    title: 'SonarQube user token',
    shape: ['squ_', letters('hex-lower', 40)],
    opens: 'what its owner may do',
    examples: ['SONAR_TOKEN=sq·u_a239d6fdc21c54b639·716c57f85f87486595e354'],
  }),
  sonar({
    id: 'sonarqube-project-token',
    title: 'SonarQube project analysis token',
    shape: ['sqp_', letters('hex-lower', 40)],
    opens: 'sends analyses of the project',
    examples: ['SONAR_TOKEN=sq·p_011068d948a72b312e·83580924324b08a69a180e'],
  }),
  sonar({
    id: 'sonarqube-global-token',
    title: 'SonarQube global analysis token',
    shape: ['sqa_', letters('hex-lower', 40)],
    opens: 'sends analyses of every project',
    examples: ['SONAR_TOKEN=sq·a_ad413828f84686a251·40db4915f3868407de8e01'],
  }),
  one(
    'Snyk',
    'https://docs.snyk.io/snyk-api/authentication-for-api',
    'Revoke and regenerate it under Account settings.',
  )({
    id: 'snyk-token',
    title: 'Snyk API token',
    tier: 'silver',
    shape: [...UUID],
    near: named('snyk token', 'snyk api token', 'snyk key', 'snyk api key', 'snyk oauth token'),
    opens: 'projects and findings of its owner’s organisations',
    evidence: 'reported',
    examples: ['SNYK_TOKEN=05·7ec7b0-ee31-34cf·-eaa3-ec2aebc2ade0'],
  }),
  one(
    'VirusTotal',
    'https://docs.virustotal.com/docs/please-give-me-an-api-key',
    'Regenerate it in the profile, API key.',
  )({
    id: 'virustotal-api-key',
    title: 'VirusTotal API key',
    kind: 'api-key',
    tier: 'bronze',
    shape: [letters('hex-lower', 64)],
    near: named('virustotal api key', 'vt api key', 'virustotal key', 'virustotal apikey', 'vt apikey'),
    opens: 'asks in the owner’s name, within his quota',
    evidence: 'reported',
    examples: ['VT_API_KEY=92·3076f6dffdc79bace27b0165c62af0·a9a19b9f946a578cf94345c815adc1c8'],
  }),
  one(
    'Shodan',
    'https://developer.shodan.io/api/requirements',
    'Reset it at https://account.shodan.io.',
  )({
    id: 'shodan-api-key',
    title: 'Shodan API key',
    kind: 'api-key',
    tier: 'bronze',
    shape: [letters('alnum', 32)],
    near: named('shodan api key', 'shodan key', 'shodan apikey'),
    opens: 'searches with the owner’s credits',
    evidence: 'reported',
    examples: ['SHODAN_API_KEY=La·2A6yLEaB4y9aaI·2tLVtveGm27Sb2wR'],
  }),
  one(
    'Kubernetes',
    'https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/',
    '`kubeadm token delete <id>`; look through `kubectl get nodes` for strangers.',
  )({
    id: 'kubernetes-bootstrap-token',
    title: 'Kubernetes bootstrap token',
    shape: [letters('alnum-lower', 6), '.', letters('alnum-lower', 16)],
    near: {
      words: [
        'kubeadm join',
        'bootstraptoken',
        'bootstrap-token',
        'bootstrap_token',
        'kubeadm_token',
        'tlsbootstraptoken',
      ],
      within: 60,
    },
    opens: 'joins a node to the cluster',
    examples: ['kubeadm join 10.0.0.1:6443 --token 5p·e0di.30w9·1l4s3xu1w6km'],
    notThese: ['kubeadm join --token abcdef.0123456789abcdef'],
  }),
  one(
    'K3s',
    'https://docs.k3s.io/cli/token',
    '`k3s token rotate`; look through `kubectl get nodes` for strangers.',
  )({
    id: 'k3s-server-token',
    title: 'K3s server token',
    shape: ['K10', letters('hex-lower', 64), '::', letters('alnum', 16, 110, '-_.:')],
    opens: 'joins a server, and decrypts the cluster’s bootstrap data',
    examples: [
      'K3S_TOKEN=K1·04933f4c5752b9f2c2f5873f5dd6a4d7c27ce3e9f90c0·61a0f995677aee43f678::X7FOC9:CqsDtiab_DNPGxO5BXh',
    ],
  }),
  one(
    'Teleport',
    'https://goteleport.com/docs/enroll-resources/agents/join-token/',
    '`tctl tokens rm <token>`; join with delegated methods instead.',
  )({
    id: 'teleport-join-token',
    title: 'Teleport join token',
    shape: [letters('hex-lower', 32)],
    near: named('teleport auth token', 'teleport join token', 'teleport token'),
    opens: 'joins a node or proxy to the cluster',
    evidence: 'observed',
    examples: ['TELEPORT_AUTH_TOKEN=e9·d73435170bcb46·723b1e37b839d244'],
  }),
);
