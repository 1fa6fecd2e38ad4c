import { rules } from '../rule.ts';
import { base64, letters, named, UUID } from './parts.ts';
import { vendor } from './vendor.ts';

const azure = vendor({
  vendor: 'Microsoft Azure',
  kind: 'azure-shared-key',
  tier: 'gold',
  rotation: 'api',
  evidence: 'documented',
  source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-storage-account-key-generic',
  remedy: 'Move the users to the second key of the resource, then regenerate the first under Keys or with `az`.',
});

const entra = vendor({
  vendor: 'Microsoft Entra',
  kind: 'client-secret',
  tier: 'gold',
  rotation: 'api',
  evidence: 'documented',
  source: 'https://learn.microsoft.com/en-us/purview/sit-defn-client-secret-api-key',
  remedy:
    'Add a second secret or, better, a federated credential to the app registration; then `az ad app credential delete`.',
});

const devops = vendor({
  vendor: 'Azure DevOps',
  kind: 'access-token',
  tier: 'silver',
  rotation: 'api',
  evidence: 'documented',
  source:
    'https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate',
  remedy: 'Revoke it under User settings, Personal access tokens; make one with the least scopes and a near end.',
});

const hooks = vendor({
  vendor: 'Microsoft',
  kind: 'webhook-id',
  tier: 'bronze',
  rotation: 'api',
  evidence: 'documented',
  source:
    'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
  remedy: 'Remove the webhook from the channel’s connectors and make a new one.',
});

/** What the newest Azure keys carry near their end, so that a key says which service it opens. */
const signed = (before: number, signature: string, after: number, end: string) =>
  [base64(before), signature, base64(after), end] as const;

export const MICROSOFT = rules(
  entra({
    id: 'microsoft-entra-client-secret',
    title: 'Microsoft Entra client secret',
    shape: [letters('token', 3, 3, '.~'), letters('digits', 1), 'Q~', letters('token', 31, 34, '.~')],
    near: {
      words: ['client_secret', 'clientsecret', 'client-secret', 'app_secret', 'azure_secret', 'az_password', 'appid'],
      within: 40,
    },
    opens: 'everything the application was granted in the tenant',
    evidence: 'observed',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    examples: [
      'AZURE_CLIENT_SECRET=vW·k2Q~RGkU7ox8gh3Dr·1VJP6n1yynh_g1sY1YM6',
      '"clientSecret": "4Q·O2Q~cVB-gzTXFD8LO·exQ_DE9qWJKTxrhLE51w"',
    ],
  }),
  azure({
    id: 'azure-storage-account-key',
    title: 'Azure Storage account key',
    shape: signed(76, '+ASt', 6, '=='),
    near: named('account key', 'storage key', 'storage account key', 'azure storage access key', 'shared key'),
    opens: 'every blob, file, queue and table of the storage account',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: [
      'AccountName=porch;AccountKey=df·VZ2VovrLwYtzubO9HEji3kW2G6OlE6/jRVl/8a/NqF·xAqAZIFsfPyw7rD2QJ/Exg2dpfMF3tbH+AStCMxtr1==;EndpointSuffix=core.windows.net',
    ],
    notThese: ['AccountKey=Eby8vdM02xNOcqFlqUwJPL·lmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='],
  }),
  azure({
    id: 'azure-cosmos-db-key',
    title: 'Azure Cosmos DB key',
    kind: 'database-password',
    shape: signed(76, 'ACDb', 6, '=='),
    near: named('account key', 'cosmos key', 'cosmos db key', 'cosmosdb key', 'cosmos master key'),
    opens: 'every document of the database account',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: [
      'AccountEndpoint=https://porch.documents.azure.com:443/;AccountKey=ap·dCG6MWoXhclwyi6Q39H23yIK1gRLJOcUDSgZSCKhiG·FhBuDA9OZjtX8RGEiqL0vswNS5Q91I4WACDbGKl0JC==;',
    ],
  }),
  azure({
    id: 'azure-batch-key',
    title: 'Azure Batch account key',
    shape: signed(76, '+ABa', 6, '=='),
    near: named('account key', 'batch account key', 'batch key', 'batch access key', 'shared key'),
    opens: 'runs programs on the pools of the account, as whom they run',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: [
      'AZURE_BATCH_ACCOUNT_KEY=0w·afr7+u42Fjahs5LdTGjjGu5PDHHIUrQdMftdK7Z9Z2·AOyxpz+Yyj1v3X+n7e90me+BU/vs7Peq+ABa2ZXTPL==',
    ],
  }),
  azure({
    id: 'azure-batch-key-old',
    title: 'Azure Batch account key, without a signature',
    shape: [base64(86), '=='],
    near: named('batch account key', 'batch key', 'batch access key'),
    opens: 'runs programs on the pools of the account, as whom they run',
    source: 'https://learn.microsoft.com/en-us/rest/api/batchservice/authenticate-requests-to-the-azure-batch-service',
    evidence: 'reported',
    examples: [
      'AZ_BATCH_ACCESS_KEY=fb·lrJE3jAe4haR7K8XyZCB6IAUUJcTa/RXcrzEBZshBf·Tf39VMBlMJzjtPrcWC3f5fMqIY3Dwarw4xQTQzKEe0==',
    ],
  }),
  azure({
    id: 'azure-api-management-key',
    title: 'Azure API Management key',
    kind: 'api-key',
    shape: signed(76, 'APIM', 6, '=='),
    near: {
      words: [
        'ocp-apim-subscription-key',
        ...named('apim key', 'subscription key', 'gateway key', 'management key', 'repository key').words,
      ],
      within: 40,
    },
    opens: 'calls the published interfaces, or manages the gateway that serves them',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: [
      'APIM_GATEWAY_KEY=W1·maLucrPtZEViP91KeRFiME6Zuxk5Sb0IfSWJ9mdbzf·K1n+jDwVEgbf55KuQdBN7VHik5qNvO8OAPIM0fy5lw==',
    ],
  }),
  azure({
    id: 'azure-api-management-key-old',
    title: 'Azure API Management subscription key, without a signature',
    kind: 'api-key',
    tier: 'silver',
    shape: [letters('hex-lower', 32)],
    near: named('apim subscription key', 'apim key', 'api management key', 'apim primary key'),
    opens: 'calls the interfaces of its product',
    source: 'https://learn.microsoft.com/en-us/azure/api-management/api-management-subscriptions',
    evidence: 'reported',
    examples: ['APIM_SUBSCRIPTION_KEY=15·2aa3abcd942cde·1a22959ee472b481'],
  }),
  azure({
    id: 'azure-account-key',
    title: 'Azure account key (Storage or Cosmos DB, without a signature)',
    shape: [base64(86), '=='],
    near: named(
      'account key',
      'azure storage key',
      'azure storage access key',
      'cosmos key',
      'cosmos db key',
      'documentdb key',
    ),
    opens: 'everything in the storage or database account',
    examples: [
      'DefaultEndpointsProtocol=https;AccountName=porch;AccountKey=47·VThBP4WASJANfbP21Ag38PuczP421ZdZd+APX9fju6·joD9Hy7eMXYaPFWRARS1bwjvjXwKTFAI4QBB5dukEA==',
    ],
    notThese: [
      'AccountKey=Eby8vdM02xNOcqFlqUwJPL·lmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
      'AccountKey=C2y6yDjf5/R+ob0N8A7Cgv·30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==',
      '"integrity": "sha512-AccountKey"',
    ],
  }),
  azure({
    id: 'azure-relay-key',
    title: 'Azure Relay key',
    shape: signed(33, '+ARm', 6, '='),
    near: named('shared access key', 'relay key', 'sas key'),
    opens: 'listens or sends on the relay, into whatever network stands behind it',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: [
      'Endpoint=sb://porch.servicebus.windows.net/;SharedAccessKeyName=Listen;SharedAccessKey=73·oILT9RIKTze8E97AJISW·XiRI92CVCPt+ARmZuRsFZ=;EntityPath=gate',
    ],
  }),
  azure({
    id: 'azure-event-grid-key',
    title: 'Azure Event Grid key',
    shape: signed(33, 'AZEG', 6, '='),
    near: {
      words: [
        'aeg-sas-key',
        ...named(
          'event grid key',
          'eventgrid key',
          'event grid access key',
          'event grid topic key',
          'eventgrid topic key',
          'topic key',
          'domain key',
        ).words,
      ],
      within: 40,
    },
    opens: 'publishes events that others act on',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: ['aeg-sas-key: D+·PR9qR+hMjNzRf7+SKZSD·K/Vb2x2kRVrAZEGrWKaNl='],
  }),
  azure({
    id: 'azure-event-grid-key-old',
    title: 'Azure Event Grid key, without a signature',
    shape: [base64(43), '='],
    near: {
      words: [
        'aeg-sas-key',
        ...named('event grid key', 'eventgrid key', 'event grid topic key', 'eventgrid topic key').words,
      ],
      within: 40,
    },
    opens: 'publishes events that others act on',
    source: 'https://learn.microsoft.com/en-us/azure/event-grid/authenticate-with-access-keys-shared-access-signatures',
    examples: ['EVENTGRID_TOPIC_KEY=IG·u0e/e64HmE+tWN2EABTP·u1m0ugeWOg7GLqwSBIPt2='],
  }),
  azure({
    id: 'azure-shared-access-key',
    title: 'Azure shared access key (Service Bus, Event Hubs, IoT Hub)',
    shape: [base64(43), '='],
    near: named('shared access key', 'sas key', 'iothub key', 'device key'),
    opens: 'sends, receives or manages, as the key’s policy says',
    source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-service-bus-connection-string',
    examples: [
      'Endpoint=sb://porch.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=dW·waz7nOqxly+EAgNHuwXZ·MlXlxKQqyy6parwli2eGj=',
    ],
    notThese: ['SharedAccessKey=SAS_KEY_VALUE', 'SharedAccessKey={your-key}'],
  }),
  azure({
    id: 'azure-shared-access-signature',
    title: 'Azure shared access signature',
    kind: 'access-token',
    tier: 'silver',
    shape: ['SharedAccessSignature s', { any: ['r=', 'ig=', 'e=', 'kn='] }, letters('alnum', 60, 900, '%._+/=&-')],
    opens: 'what the signature names, until its end',
    source: 'https://learn.microsoft.com/en-us/azure/iot-hub/iot-hub-dev-guide-sas',
    remedy: 'It ends at `se`; regenerate the key that signed it to end it now.',
    evidence: 'observed',
    examples: [
      'Authorization: Sh·aredAccessSignature sr=MTEObbCys&sig=abJCN·hRWAKNmQ/hFzupL60/FGsOjUC%c%%o=CkPA+ntMyMWGI&se=1793000000&skn=device',
    ],
  }),
  azure({
    id: 'azure-storage-sas-url',
    title: 'Azure Storage URL with a signature',
    kind: 'url-credential',
    tier: 'silver',
    shape: ['sig=', letters('alnum', 43, 73, '%+/'), { any: ['%3D', '%3d', '='] }],
    near: { words: ['&sp=', '?sp=', '?sv=', '&sv=', '&se=', '?se='], within: 160 },
    opens: 'the blobs or containers the URL names, until its end',
    source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-storage-account-shared-access-signature',
    remedy: 'Revoke its stored access policy or the user delegation key; else rotate the account key that signed it.',
    examples: [
      'https://porch.blob.core.windows.net/a?sv=2024-11-04&se=2027-01-01&sr=c&sp=rl&si·g=Wt%guAeKBqFtRWuArL9dbXr·NHEdgrLIEZk%D3m76K2m%VL9h%3D',
    ],
  }),
  azure({
    id: 'azure-container-registry-password',
    title: 'Azure Container Registry password',
    kind: 'password',
    shape: [base64(42), '+ACR', base64(6)],
    near: {
      words: ['azurecr.io', ...named('registry password', 'acr password', 'acr token', 'docker password').words],
      within: 60,
    },
    opens: 'pulls and, as its token says, pushes images',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: ['ACR_PASSWORD=ZX·5+KhiCuD2J+eBmZ0GqMyULMa·2Ybx0C3trdc5oKg0+ACR7lvY4z'],
  }),
  azure({
    id: 'azure-function-key',
    title: 'Azure Functions key',
    kind: 'api-key',
    tier: 'silver',
    shape: [letters('base64url', 44), 'AzFu', letters('base64url', 6), '=='],
    near: {
      words: ['x-functions-key', 'azurewebsites.net/api/', ...named('function key', 'functions key', 'host key').words],
      within: 80,
    },
    opens: 'calls the function, or all functions of the app',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: [
      'https://porch.azurewebsites.net/api/open?code=5y·ggCoXMetVEoUpAueTFiHUh5gv7·RjwoPv3ebYFSTs9jAzFuR4Iptl==',
    ],
  }),
  azure({
    id: 'azure-function-key-old',
    title: 'Azure Functions key, without a signature',
    kind: 'api-key',
    tier: 'silver',
    shape: [base64(54), '=='],
    near: {
      words: ['x-functions-key', ...named('function key', 'functions key').words],
      within: 60,
    },
    opens: 'calls the function, or all functions of the app',
    source: 'https://learn.microsoft.com/en-us/azure/azure-functions/function-keys-how-to',
    evidence: 'reported',
    examples: ['x-functions-key: IZ·Wl/u94mHSiU14oZPnoUjJGXwQQ·Rw9dlUW1cXYngpNpfeXKmZzath=='],
  }),
  azure({
    id: 'azure-search-key-old',
    title: 'Azure AI Search key, without a signature',
    kind: 'api-key',
    tier: 'silver',
    shape: [letters('hex-upper', 32)],
    near: named(
      'azure search key',
      'azure search api key',
      'azure search admin key',
      'search admin key',
      'search query key',
    ),
    opens: 'reads, or with an admin key changes, every index',
    source: 'https://learn.microsoft.com/en-us/azure/search/search-security-api-keys',
    examples: ['AZURE_SEARCH_ADMIN_KEY=2D·5702984287C564·72FB7FD10068E2CB'],
  }),
  azure({
    id: 'azure-search-key',
    title: 'Azure AI Search key',
    kind: 'api-key',
    tier: 'silver',
    shape: [letters('alnum', 42), 'AzSe', letters('alnum', 6)],
    near: named('search key', 'search api key', 'search admin key', 'search query key', 'search service key'),
    opens: 'reads, or with an admin key changes, every index',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: ['AZURE_SEARCH_KEY="Ug·ob49PlB0PJh2mXSe6Mpx7OnL·K9nkG1IeYPkaqWyHAzSeisylmT"'],
  }),
  azure({
    id: 'azure-cache-redis-key',
    title: 'Azure Cache for Redis key',
    kind: 'database-password',
    shape: [base64(33), 'AzCa', base64(6), '='],
    near: {
      words: [
        'redis.cache.windows.net',
        ...named('redis key', 'redis password', 'redis access key', 'azure redis key', 'redis primary key').words,
      ],
      within: 60,
    },
    opens: 'everything in the cache',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: ['porch.redis.cache.windows.net:6380,password=di·I9tg7mHIxVQmtrhB8Kq4·cOdsSH2mWN/AzCaYW4LfD=,ssl=True'],
  }),
  azure({
    id: 'azure-cache-redis-key-old',
    title: 'Azure Cache for Redis key, without a signature',
    kind: 'database-password',
    shape: [base64(43), '='],
    near: { words: ['redis.cache.windows.net', ...named('azure redis key', 'redis primary key').words], within: 60 },
    opens: 'everything in the cache',
    source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-redis-cache-connection-string',
    examples: ['porch.redis.cache.windows.net:6380,password=iA·f0rHAcM/HqHyqsh812wB·W/bcQTg6dHql/tABLrWzo=,ssl=True'],
  }),
  azure({
    id: 'azure-ai-services-key',
    title: 'Azure AI services key',
    kind: 'api-key',
    tier: 'silver',
    shape: [letters('hex-lower', 32)],
    near: named(
      'azure openai api key',
      'azure openai key',
      'azure speech key',
      'azure cognitive key',
      'cognitive services key',
      'azure translator key',
      'azure vision key',
      'ocp apim subscription key',
    ),
    opens: 'runs models at the account’s cost',
    source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-cognitive-service-key',
    evidence: 'documented',
    examples: [
      'AZURE_OPENAI_API_KEY=72·5e65453d63219b·5ee8acf9de3b98b4',
      'Ocp-Apim-Subscription-Key: 12·21655a36c1e36b·4c1e5b581ebaed2d',
    ],
  }),
  azure({
    id: 'azure-ai-services-long-key',
    title: 'Azure AI services key, with a signature',
    kind: 'api-key',
    tier: 'silver',
    shape: [
      letters('alnum', 52),
      'JQQJ9',
      { any: ['9', 'D', 'H'] },
      letters('alnum', 26, 28),
      letters('digits', 0, 2, '='),
    ],
    near: named('openai api key', 'azure openai key', 'speech key', 'subscription key', 'cognitive services key'),
    opens: 'runs models at the account’s cost',
    source:
      'https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json',
    evidence: 'observed',
    examples: [
      'AZURE_OPENAI_API_KEY=M0·foWbFSA3HN9XIc9YGt379PhzTuXrY194o95Q5Wxk·LTXohHlRdgJQQJ995xIELADvG9op5mEKxx7rbza9Jo',
    ],
  }),
  azure({
    id: 'azure-communication-services-key',
    title: 'Azure Communication Services key',
    kind: 'api-key',
    tier: 'silver',
    shape: [base64(82, 86), letters('digits', 0, 2, '=')],
    near: { words: ['communication.azure.com/;accesskey'], within: 4 },
    opens: 'sends messages and calls at the resource’s cost',
    source: 'https://learn.microsoft.com/en-us/azure/communication-services/concepts/authentication',
    evidence: 'reported',
    examples: [
      'endpoint=https://porch.communication.azure.com/;accesskey=fL·PchXAkDJnfMGRgEhwWYetrhiJipVt1L5wkIzDBgg0k·pOOIwaIEgbzr2CjJCDvoTHXwP03VIkpgov6CpMGh1g==',
    ],
  }),
  azure({
    id: 'azure-signalr-key',
    title: 'Azure SignalR or Web PubSub key',
    kind: 'api-key',
    tier: 'silver',
    shape: [base64(43), '='],
    near: { words: ['service.signalr.net;accesskey', 'webpubsub.azure.com;accesskey'], within: 4 },
    opens: 'signs tokens for every hub of the service',
    source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-signalr-access-key',
    examples: [
      'Endpoint=https://porch.service.signalr.net;AccessKey=Uy·NKdG9kEVV/04CvzzQcol·FTPFmSjFYOh7Q3AfX7Gyx=;Version=1.0;',
    ],
  }),
  azure({
    id: 'azure-app-configuration-secret',
    title: 'Azure App Configuration secret',
    shape: [base64(43, 86), letters('digits', 0, 2, '=')],
    near: { words: ['azconfig.io;id='], within: 60 },
    opens: 'every setting in the store',
    source: 'https://learn.microsoft.com/en-us/azure/azure-app-configuration/rest-api-authentication-hmac',
    evidence: 'reported',
    examples: [
      'Endpoint=https://porch.azconfig.io;Id=ab12-l0-s0:porch;Secret=py·01yyLhJouYFdB4xbbAmKaB·boO3/uK+WAsyC9RcWmZBOM+==',
    ],
  }),
  azure({
    id: 'azure-publish-profile-password',
    title: 'Azure App Service publishing password',
    kind: 'password',
    shape: [letters('alnum', 60)],
    near: { words: ['userpwd', 'publishingpassword', 'publishing_password'], within: 12 },
    opens: 'deploys code to the web app',
    source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-publish-setting-password',
    evidence: 'documented',
    remedy:
      'Reset the publish profile in the portal: `az webapp deployment list-publishing-profiles` gives the new one.',
    examples: [
      '<publishProfile userName="$porch" userPWD="Kj·MjAVCNlZJTNSCiVf6JJhMtMsrZyL·i55cUB81tymenSyHjnasdzlrzUEEsg" />',
    ],
  }),
  azure({
    id: 'azure-instrumentation-key',
    title: 'Application Insights instrumentation key',
    kind: 'plain',
    tier: 'bronze',
    publishable: true,
    shape: [...UUID],
    near: { words: ['instrumentationkey', 'appinsights_instrumentationkey', 'instrumentation_key'], within: 12 },
    opens: 'only sends telemetry; Microsoft does not count it as a secret',
    source: 'https://learn.microsoft.com/en-us/azure/azure-monitor/app/connection-strings',
    remedy: 'Nothing needs to be done; turn on Entra authentication for ingestion if foreign telemetry would matter.',
    evidence: 'reported',
    examples: [
      'InstrumentationKey=de·af290d-dc88-b3fd·-dfcf-c5e98cdcdedb;IngestionEndpoint=https://westeurope.in.applicationinsights.azure.com/',
    ],
    notThese: ['InstrumentationKey=00000000-0000-0000-0000-000000000000'],
  }),
  devops({
    id: 'azure-devops-personal-access-token',
    title: 'Azure DevOps personal access token',
    shape: [letters('alnum', 76), 'AZDO', letters('alnum', 4)],
    near: {
      words: ['devops', 'azdo', 'vsts', 'visualstudio', 'dev.azure.com', 'ado_', 'azp_token', 'system_accesstoken'],
      within: 40,
    },
    opens: 'code, builds and packages of the organisation, as its scopes say',
    source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-devops-personal-access-token',
    examples: [
      'AZURE_DEVOPS_EXT_PAT=r6·tJU6VKXbdTXkJMRRKKW95fUuwcZCr4cPROFdau45·NhW7O9NInilma604wMffNw1R0tnqxcXN5WAZDOUrFV',
    ],
  }),
  devops({
    id: 'azure-devops-personal-access-token-old',
    title: 'Azure DevOps personal access token, before 2024',
    shape: [letters('alnum-lower', 52)],
    near: named(
      'azure devops ext pat',
      'azure devops pat',
      'azure devops token',
      'vsts pat',
      'vsts token',
      'vss nuget token',
      'azp token',
    ),
    opens: 'code, builds and packages of the organisation, as its scopes say',
    source:
      'https://github.com/MicrosoftDocs/microsoft-365-docs/blob/01b5c06eb6d41010fadccf9219d81fede1530c6e/microsoft-365/compliance/sit-defn-azure-devops-personal-access-token.md',
    examples: ['AZURE_DEVOPS_EXT_PAT=ga·py8mky5fxi3ag0e2o9yieal7·qpe8s7n5xw6xdti9pooakzt55g'],
  }),
  hooks({
    id: 'microsoft-teams-webhook',
    title: 'Microsoft Teams incoming webhook',
    shape: [
      'webhook.office.com/webhookb2/',
      ...UUID,
      '@',
      ...UUID,
      '/IncomingWebhook/',
      letters('hex-lower', 32),
      '/',
      ...UUID,
      letters('token', 0, 64, '/'),
    ],
    opens: 'writes into the channel',
    evidence: 'reported',
    examples: [
      'https://porch.we·bhook.office.com/webhookb2/42498790-5587-7e70-f03f-d9e1a0319791@0d2c8899-6326-7cb6-2296-ad17·3129f27b/IncomingWebhook/dfbaa446dff03da06ffdc6b311a011cc/b18ff44d-4099-2e13-a83e-1bc47edbf210',
    ],
  }),
  hooks({
    id: 'microsoft-power-automate-trigger',
    title: 'Power Automate or Logic Apps trigger URL',
    shape: ['sig=', letters('token', 43, 76, '%')],
    near: { words: ['/triggers/manual/paths/invoke'], within: 120 },
    opens: 'starts the flow with any input',
    source: 'https://learn.microsoft.com/en-us/purview/sit-defn-azure-logic-app-shared-access-signature',
    remedy: 'Regenerate the access key of the logic app, or make the trigger ask for Entra authentication.',
    examples: [
      'https://prod-01.westeurope.logic.azure.com:443/workflows/a/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&si·g=uJPY3UnOmK5Lo0S8v8r·YodtedEbhN98CvERtInxpY65',
    ],
  }),
);
