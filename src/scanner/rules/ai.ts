import { rules } from '../rule.ts';
import { letters, named, UUID } from './parts.ts';
import { vendor } from './vendor.ts';

const COMMON = { kind: 'api-key', tier: 'silver', rotation: 'api', evidence: 'observed' } as const;
const RUNS = 'runs models at the account’s cost';

const openai = vendor({
  ...COMMON,
  vendor: 'OpenAI',
  source: 'https://platform.openai.com/docs/api-reference/authentication',
  remedy: 'Delete it at https://platform.openai.com/api-keys; make one per project, with a budget.',
});

const anthropic = vendor({
  ...COMMON,
  vendor: 'Anthropic',
  source: 'https://support.claude.com/en/articles/9767949-api-key-best-practices-keeping-your-keys-safe-and-secure',
  remedy: 'Delete it in the Console under API keys; make one per workspace, with a spend limit.',
});

const hugging = vendor({
  ...COMMON,
  vendor: 'Hugging Face',
  kind: 'access-token',
  source: 'https://huggingface.co/docs/hub/security-tokens',
  remedy: 'Invalidate it at https://huggingface.co/settings/tokens; make a fine-grained one.',
});

const langfuse = vendor({
  ...COMMON,
  vendor: 'Langfuse',
  source: 'https://langfuse.com/docs/observability/get-started',
  remedy: 'Delete the key pair in the project’s settings and make a new one.',
});

const langsmith = vendor({
  ...COMMON,
  vendor: 'LangSmith',
  source: 'https://docs.langchain.com/langsmith/create-account-api-key',
  remedy: 'Delete it under Settings, API keys, and make one with an end.',
});

/** One vendor with one kind. */
const one = (name: string, source: string, remedy: string) => vendor({ ...COMMON, vendor: name, source, remedy });

export const AI = rules(
  openai({
    id: 'openai-project-key',
    title: 'OpenAI project key',
    shape: ['sk-proj-', letters('token', 58, 74), 'T3BlbkFJ', letters('token', 58, 74)],
    opens: RUNS,
    examples: [
      'OPENAI_API_KEY=sk·-proj-_AqVBlosbD7hUyZerNQbBAm0cy3Wf9Ayyx-1yVrmT-NcstvJsVNI5dghMpjd·CT3BlbkFJSsFBnAiwiSvh23iVoeNkTqUfsiHWBC9Kdo8Dj01YmyYlIkgC7DBE3sk3FfR',
    ],
  }),
  openai({
    id: 'openai-service-account-key',
    title: 'OpenAI service account key',
    shape: ['sk-svcacct-', letters('token', 58, 74), 'T3BlbkFJ', letters('token', 58, 74)],
    opens: RUNS,
    examples: [
      'OPENAI_API_KEY=sk·-svcacct-o2i-fESGDExfE2ZhuqR4r4h46l0uWA2dEMbn7g5IovxwGW-ocVBhDI9q_Uh9w·3aLDT3BlbkFJ34C3MTKfDXjliOuABHMYc423TVRS5i7f6exlgAqYloLs_6neZl2mbAdwlDASO',
    ],
  }),
  openai({
    id: 'openai-admin-key',
    title: 'OpenAI admin key',
    tier: 'gold',
    shape: ['sk-admin-', letters('token', 58, 74), 'T3BlbkFJ', letters('token', 58, 74)],
    opens: 'members, projects and keys of the organisation',
    source: 'https://platform.openai.com/docs/api-reference/admin-api-keys',
    examples: [
      'OPENAI_ADMIN_KEY=sk·-admin-45xvhcMz4aGZXlZWRpDjE6WqVbNqjn5pFYHkZQ5rChPa_9WeBy5NkFB7GLF2·sqvT3BlbkFJ8pfLgddX7Ry-KMXZvLfSWIJBSj7vCg8Bx16ENhvkUeSREH12XaBynK1H9Mu',
    ],
  }),
  openai({
    id: 'openai-user-key',
    title: 'OpenAI user key (old form)',
    shape: ['sk-', letters('alnum', 20), 'T3BlbkFJ', letters('alnum', 20)],
    opens: 'runs models at the cost of every organisation of its owner',
    examples: ['openai_api_key: sk·-JuopbA37GutWUqP9L871T3·BlbkFJ7AvEQdLtnuyFHUe4Swpq'],
    notThese: ['sk-learn-pipeline-with-many-words', 'sk-1234567890abcdef'],
  }),
  anthropic({
    id: 'anthropic-api-key',
    title: 'Anthropic API key',
    shape: ['sk-ant-api03-', letters('token', 93), 'AA'],
    opens: RUNS,
    examples: [
      'ANTHROPIC_API_KEY=sk·-ant-api03-tTq2aCTqzsC17-hoUxdLrKdxLgbEoKwIzm9qZqiPC·itMlq-T2cP6TbLWJ_PphjLkuoMVYeHAEBb4tdmRAVj_czq8lNSBIAA',
    ],
  }),
  anthropic({
    id: 'anthropic-admin-key',
    title: 'Anthropic admin key',
    tier: 'gold',
    shape: ['sk-ant-admin01-', letters('token', 93), 'AA'],
    opens: 'members, workspaces and keys of the organisation',
    source: 'https://platform.claude.com/docs/en/build-with-claude/administration-api',
    examples: [
      'ANTHROPIC_ADMIN_KEY=sk·-ant-admin01-cfO16SpYP0Ew4ghHwwHkiVXsoBiDe5VyOImphfCi·z99CoW0hixwkveJD7EhvmZ37LeZzahSdNZlb1IDe_eL74ouTFaap_AA',
    ],
  }),
  anthropic({
    id: 'anthropic-oauth-token',
    title: 'Anthropic OAuth token',
    kind: 'access-token',
    shape: ['sk-ant-oat01-', letters('token', 93), 'AA'],
    opens: 'runs models under its owner’s subscription, for up to a year',
    source: 'https://code.claude.com/docs/en/authentication',
    remedy: 'Sign out of all sessions in the account settings, and run `claude setup-token` again.',
    examples: [
      'CLAUDE_CODE_OAUTH_TOKEN=sk·-ant-oat01-9TEkH9K1DgmWi8G_UlYd8rub5D5TLtp7PSsgf7wp3·85Sdh6NXxfkCd24uIA3v3lDuUkJgO04n_XcNLo_zl0T9qHimELsKAA',
    ],
  }),
  hugging({
    id: 'hugging-face-user-token',
    title: 'Hugging Face user access token',
    shape: ['hf_', letters('alpha', 34)],
    opens: 'models and data sets of its owner, as its role says',
    examples: ['HF_TOKEN=hf·_jcKJSljlTExVEfK·XUEHSMyYqsKGcuiTdap'],
    notThese: ['hf_hub_download_with_some_very_long_nm', 'hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'],
  }),
  hugging({
    id: 'hugging-face-organization-token',
    title: 'Hugging Face organisation token (old)',
    shape: ['api_org_', letters('alpha', 34)],
    opens: 'models and data sets of the organisation',
    examples: ['HF_API_TOKEN=ap·i_org_hDdZDFZVVmJEH·XnWhmAgruCIxVIOiwOLko'],
  }),
  one(
    'Groq',
    'https://console.groq.com/docs/quickstart',
    'Delete it at https://console.groq.com/keys.',
  )({
    id: 'groq-api-key',
    title: 'Groq API key',
    shape: ['gsk_', letters('alnum', 52)],
    opens: RUNS,
    examples: ['GROQ_API_KEY=gs·k_Q0FaXAmsYWPYxgcl7ozJZgND·rB5ie1F0IOd2HkgDhr5by8zHoD60'],
  }),
  one(
    'Replicate',
    'https://replicate.com/docs/topics/security/api-tokens',
    'Disable it at https://replicate.com/account/api-tokens.',
  )({
    id: 'replicate-api-token',
    title: 'Replicate API token',
    shape: ['r8_', letters('alnum', 37)],
    opens: RUNS,
    evidence: 'documented',
    examples: ['REPLICATE_API_TOKEN=r8·_4aQjO5WBPXJvkSO7f·hq8pR3ysLQejGEHhlNvg'],
  }),
  one(
    'xAI',
    'https://docs.x.ai/docs/tutorial',
    'Delete it at https://console.x.ai under API keys.',
  )({
    id: 'xai-api-key',
    title: 'xAI API key',
    shape: ['xai-', letters('alnum', 80)],
    opens: RUNS,
    examples: ['XAI_API_KEY=xa·i-RO2RUOrtgiVG0x2YE9EbDeabnez0wht0AOULbG·85lSTCpytZNUCIF4fwbSwHvCARsFmgkDRo22zAPu3u'],
  }),
  one(
    'Perplexity',
    'https://docs.perplexity.ai/getting-started/quickstart',
    'Delete it under Settings, API keys.',
  )({
    id: 'perplexity-api-key',
    title: 'Perplexity API key',
    shape: ['pplx-', letters('alnum', 48, 64)],
    opens: RUNS,
    examples: ['PERPLEXITY_API_KEY=pp·lx-iBtrBRTUBnjq0DmPY6LOWC·Vcgech40BFYYH0ty7LTNxOGufSm'],
  }),
  one(
    'OpenRouter',
    'https://openrouter.ai/docs/api/reference/authentication',
    'Delete it at https://openrouter.ai/settings/keys; give the new one a credit limit.',
  )({
    id: 'openrouter-api-key',
    title: 'OpenRouter API key',
    shape: ['sk-or-v1-', letters('hex-lower', 64)],
    opens: RUNS,
    examples: ['OPENROUTER_API_KEY=sk·-or-v1-4aca202554727650e03e9361127·59e21d130731785eac4ae219e3ae21d67136f'],
  }),
  one(
    'Cerebras',
    'https://inference-docs.cerebras.ai/quickstart',
    'Delete it at https://cloud.cerebras.ai under API keys.',
  )({
    id: 'cerebras-api-key',
    title: 'Cerebras API key',
    shape: ['csk-', letters('alnum-lower', 48)],
    opens: RUNS,
    examples: ['CEREBRAS_API_KEY=cs·k-o2b5sgqsy99aw1zfssyqc7·7odr8zzony0wwwg7ljiie8cvtx'],
  }),
  one(
    'NVIDIA',
    'https://docs.api.nvidia.com/nim/reference/llm-apis',
    'Revoke it at https://org.ngc.nvidia.com/setup/api-keys.',
  )({
    id: 'nvidia-api-key',
    title: 'NVIDIA API key',
    shape: ['nvapi-', letters('token', 60, 70)],
    opens: 'runs models and pulls containers as its owner',
    examples: ['NVIDIA_API_KEY=nv·api-OQPTIoCn1RpROwnhwaV3MiJxtoV·M9ZDjSJOGnqRqQMba1LVALJHun65Xwvfr'],
  }),
  one(
    'Fireworks AI',
    'https://docs.fireworks.ai/getting-started/quickstart',
    'Delete it under Settings, API keys.',
  )({
    id: 'fireworks-api-key',
    title: 'Fireworks API key',
    shape: ['fw_', letters('alnum', 22, 24)],
    opens: RUNS,
    examples: ['FIREWORKS_API_KEY=fw·_JYG9oZH3a·vzf0MqeCcj5rQ'],
    notThese: ['fw_printenv', 'fw_config_registers_for_the_board'],
  }),
  one(
    'Together AI',
    'https://docs.together.ai/docs/quickstart',
    'Delete it under Settings, API keys.',
  )({
    id: 'together-api-key',
    title: 'Together API key',
    shape: [letters('hex-lower', 64)],
    near: named('together api key', 'together ai api key', 'togetherai api key', 'together key'),
    opens: RUNS,
    examples: ['TOGETHER_API_KEY=70·ce0bdc946b0686826a46bbce9de0b1·44b56b393e9b96c8bcbbd306a3e09608'],
  }),
  one(
    'DeepSeek',
    'https://api-docs.deepseek.com/',
    'Delete it at https://platform.deepseek.com/api_keys.',
  )({
    id: 'deepseek-api-key',
    title: 'DeepSeek API key',
    shape: ['sk-', letters('hex-lower', 32)],
    near: { words: ['deepseek'], within: 60 },
    opens: RUNS,
    examples: ['DEEPSEEK_API_KEY=sk·-b9358c105b3617·82e108b6dab5a76867'],
  }),
  one(
    'Alibaba Cloud',
    'https://www.alibabacloud.com/help/en/model-studio/get-api-key',
    'Delete it in Model Studio under API keys.',
  )({
    id: 'alibaba-dashscope-api-key',
    title: 'Alibaba Cloud Model Studio API key',
    shape: ['sk-', letters('hex-lower', 32)],
    near: { words: ['dashscope', 'qwen', 'bailian'], within: 60 },
    opens: RUNS,
    examples: ['DASHSCOPE_API_KEY=sk·-ffcf55fd13e3f5·5c9708b310e56ebe9d'],
  }),
  one(
    'Moonshot AI',
    'https://platform.moonshot.ai/docs/overview',
    'Delete it in the console under API keys.',
  )({
    id: 'moonshot-api-key',
    title: 'Moonshot (Kimi) API key',
    shape: ['sk-', letters('alnum', 48)],
    near: { words: ['moonshot', 'kimi'], within: 60 },
    opens: RUNS,
    examples: ['MOONSHOT_API_KEY=sk·-ORQy3qo7L6IEHmDZteNUUd·nnCiJF5OC2cYOWIL1FWdk6zHJT'],
  }),
  one(
    'Zhipu AI',
    'https://docs.z.ai/guides/overview/quick-start',
    'Delete it in the console under API keys.',
  )({
    id: 'zhipu-api-key',
    title: 'Zhipu (Z.ai) API key',
    shape: [letters('hex-lower', 32), '.', letters('alnum', 16)],
    near: named('zhipuai api key', 'zhipu api key', 'zai api key', 'glm api key', 'bigmodel api key'),
    opens: RUNS,
    examples: ['ZHIPUAI_API_KEY=09·ec7ef46ae962f3d60031dd·f45a3c9c.RXWub4WeyNFUUGD6'],
  }),
  one(
    'Mistral AI',
    'https://docs.mistral.ai/getting-started/quickstart',
    'Delete it at https://console.mistral.ai/api-keys.',
  )({
    id: 'mistral-api-key',
    title: 'Mistral API key',
    shape: [letters('alnum', 32)],
    near: named('mistral api key', 'mistral key', 'mistralai api key', 'codestral api key'),
    opens: RUNS,
    examples: ['MISTRAL_API_KEY=Hm·RyX5Y5lTXMQRVx·CZh4yV3yhqaVbB2T'],
  }),
  one(
    'Cohere',
    'https://docs.cohere.com/reference/about',
    'Delete it at https://dashboard.cohere.com/api-keys.',
  )({
    id: 'cohere-api-key',
    title: 'Cohere API key',
    shape: [letters('alnum', 40)],
    near: named('cohere api key', 'co api key', 'cohere key', 'cohere token'),
    opens: RUNS,
    examples: ['COHERE_API_KEY=8o·GpLZZGSGvksVBuiM4T·igtdsAp2TsLKUAnBDetE'],
  }),
  one(
    'Stability AI',
    'https://platform.stability.ai/docs/getting-started/authentication',
    'Delete it at https://platform.stability.ai/account/keys.',
  )({
    id: 'stability-api-key',
    title: 'Stability AI API key',
    shape: ['sk-', letters('alnum', 48)],
    near: { words: ['stability', 'dreamstudio'], within: 60 },
    opens: RUNS,
    examples: ['STABILITY_API_KEY=sk·-ZGOxHQx2RwXWFbRYKQv6k6·aIbU75HdEbJDlEjOOpwVgmLg1T'],
  }),
  one(
    'ElevenLabs',
    'https://elevenlabs.io/docs/api-reference/authentication',
    'Delete it under Developers, API keys; give the new one scopes and a credit limit.',
  )({
    id: 'elevenlabs-api-key',
    title: 'ElevenLabs API key',
    shape: ['sk_', letters('hex-lower', 48)],
    opens: 'speaks with the account’s voices at its cost',
    examples: ['ELEVENLABS_API_KEY=sk·_4c26b58f3fd394bd8dd9c5·52086807b9c85d13825408865e'],
  }),
  one(
    'Deepgram',
    'https://developers.deepgram.com/docs/create-additional-api-keys',
    'Delete it in the console under API keys.',
  )({
    id: 'deepgram-api-key',
    title: 'Deepgram API key',
    shape: [letters('hex-lower', 40)],
    near: named('deepgram api key', 'deepgram key', 'deepgram token'),
    opens: RUNS,
    examples: ['DEEPGRAM_API_KEY=b6·3d2e21ed7575709baf·643e80083d386999eb54'],
  }),
  one(
    'AssemblyAI',
    'https://www.assemblyai.com/docs/',
    'Delete it in the dashboard under API keys.',
  )({
    id: 'assemblyai-api-key',
    title: 'AssemblyAI API key',
    shape: [letters('hex-lower', 32)],
    near: named('assemblyai api key', 'assembly ai api key', 'assemblyai key', 'aai api key'),
    opens: RUNS,
    examples: ['ASSEMBLYAI_API_KEY=ce·1109f8c3740ef1·eaf8bf07ba6dbd78'],
  }),
  one(
    'Voyage AI',
    'https://docs.voyageai.com/docs/api-key-and-installation',
    'Delete it in the dashboard under API keys.',
  )({
    id: 'voyage-api-key',
    title: 'Voyage API key',
    shape: ['pa-', letters('token', 43)],
    near: { words: ['voyage'], within: 60 },
    opens: RUNS,
    examples: ['VOYAGE_API_KEY=pa·-hycqWD3HFTmEIRj1cTDt·9UZk8FoDlyl-AZnNQcbzovK'],
  }),
  one(
    'Jina AI',
    'https://docs.jina.ai/',
    'Delete it at https://jina.ai/api-dashboard under API keys.',
  )({
    id: 'jina-api-key',
    title: 'Jina API key',
    shape: ['jina_', letters('hex-lower', 32), letters('token', 28)],
    opens: RUNS,
    examples: ['JINA_API_KEY=ji·na_75323a06ad38eb89f58a5832748·ccb64U9CAnvK9uqokDJ5OIWupbavnDHOv'],
  }),
  langfuse({
    id: 'langfuse-secret-key',
    title: 'Langfuse secret key',
    shape: ['sk-lf-', ...UUID],
    opens: 'the traces of the project, with prompts and answers',
    examples: ['LANGFUSE_SECRET_KEY=sk·-lf-dd2cd718-ece9-c·dc8-f3f4-53e2bcfac8a3'],
  }),
  langfuse({
    id: 'langfuse-public-key',
    title: 'Langfuse public key',
    kind: 'plain',
    tier: 'bronze',
    publishable: true,
    shape: ['pk-lf-', ...UUID],
    opens: 'names the project; writes scores only',
    remedy: 'Nothing needs to be done.',
    examples: ['LANGFUSE_PUBLIC_KEY=pk·-lf-70aad4f4-ebe4-1·c10-623b-ea14aa4dbb28'],
  }),
  langsmith({
    id: 'langsmith-personal-token',
    title: 'LangSmith personal access token',
    kind: 'access-token',
    shape: ['lsv2_pt_', letters('hex-lower', 32), '_', letters('hex-lower', 10)],
    opens: 'traces, prompts and data sets of its owner’s workspaces',
    examples: ['LANGSMITH_API_KEY=ls·v2_pt_444816254499fae64·ee22bf6082346ca_ec44fe6c0e'],
  }),
  langsmith({
    id: 'langsmith-service-key',
    title: 'LangSmith service key',
    shape: ['lsv2_sk_', letters('hex-lower', 32), '_', letters('hex-lower', 10)],
    opens: 'traces, prompts and data sets of the workspace',
    examples: ['LANGSMITH_API_KEY=ls·v2_sk_da5897d3cf0859086·64702246f99fe36_3a42006009'],
  }),
  one(
    'Pinecone',
    'https://docs.pinecone.io/guides/projects/manage-api-keys',
    'Delete it in the console under API keys.',
  )({
    id: 'pinecone-api-key',
    title: 'Pinecone API key',
    shape: ['pcsk_', letters('alnum', 5, 6), '_', letters('alnum', 63, 64)],
    opens: 'every index of the project',
    examples: ['PINECONE_API_KEY=pc·sk_rjqUMq_pEwFRug5ShOzHIDXzShkHUWo4·bOW5rCAJDKZVHgpk3XgDRj8VsWioyHlNz2akw2'],
  }),
  one(
    'Tavily',
    'https://docs.tavily.com/documentation/quickstart',
    'Delete it at https://app.tavily.com.',
  )({
    id: 'tavily-api-key',
    title: 'Tavily API key',
    shape: ['tvly-', letters('token', 32, 60)],
    opens: 'searches at the account’s cost',
    examples: ['TAVILY_API_KEY=tv·ly-Cq1IUJBgFYn91j·ebcGw53rR2UNHMC9o3E'],
    notThese: ['tvly-YOUR_API_KEY'],
  }),
  one(
    'Firecrawl',
    'https://docs.firecrawl.dev/introduction',
    'Delete it at https://www.firecrawl.dev/app/api-keys.',
  )({
    id: 'firecrawl-api-key',
    title: 'Firecrawl API key',
    shape: ['fc-', letters('hex-lower', 32)],
    opens: 'crawls at the account’s cost',
    examples: ['FIRECRAWL_API_KEY=fc·-fd9b7c67991027·ae01cfb95374d5f6ed'],
    notThese: ['fc-YOUR_API_KEY', 'fc-list'],
  }),
  one(
    'SerpApi',
    'https://serpapi.com/search-api',
    'Regenerate it at https://serpapi.com/manage-api-key.',
  )({
    id: 'serpapi-api-key',
    title: 'SerpApi API key',
    shape: [letters('hex-lower', 64)],
    near: named('serpapi api key', 'serp api key', 'serpapi key'),
    opens: 'searches at the account’s cost',
    examples: ['SERPAPI_API_KEY=cb·b3840aa26e3e41de81c48973134fcf·116764e7f1d875857d51b0a2a9fd554d'],
  }),
  one(
    'RunPod',
    'https://docs.runpod.io/get-started/api-keys',
    'Delete it under Settings, API keys.',
  )({
    id: 'runpod-api-key',
    title: 'RunPod API key',
    shape: ['rpa_', letters('alnum', 40, 54)],
    opens: 'starts machines at the account’s cost',
    examples: ['RUNPOD_API_KEY=rp·a_kloYgO4sgFCPDYyKRg5·yTp5yXR8zgOPd8ZmidJlZcZX'],
  }),
  one(
    'LlamaIndex',
    'https://developers.llamaindex.ai/python/cloud/general/api_key/',
    'Revoke it at https://cloud.llamaindex.ai under API keys.',
  )({
    id: 'llamaindex-cloud-api-key',
    title: 'LlamaCloud API key',
    shape: ['llx-', letters('alnum', 48)],
    opens: 'documents and indexes of the project',
    examples: ['LLAMA_CLOUD_API_KEY=ll·x-0xUKsKvPwyaEh4XQhRnxQx·wkNroymYucEShcuYVnGrkaZY9U'],
  }),
  one(
    'E2B',
    'https://e2b.dev/docs/api-key',
    'Delete it in the dashboard under Keys.',
  )({
    id: 'e2b-api-key',
    title: 'E2B API key',
    shape: ['e2b_', letters('hex-lower', 40)],
    opens: 'starts sandboxes at the team’s cost',
    examples: ['E2B_API_KEY=e2·b_67e8b5678254aaed81·dedacea30bba036d7c10d6'],
  }),
  one(
    'Apify',
    'https://docs.apify.com/platform/integrations/api',
    'Rotate it under Settings, API & integrations.',
  )({
    id: 'apify-api-token',
    title: 'Apify API token',
    kind: 'access-token',
    shape: ['apify_api_', letters('alnum', 36)],
    opens: 'runs actors and reads data of the account',
    examples: ['APIFY_TOKEN=ap·ify_api_VIJNsddKIDB1R·rdgALOEVsaU29aU9edoRdkk'],
  }),
  one(
    'Weights & Biases',
    'https://docs.wandb.ai/support/find_api_key/',
    'Delete it at https://wandb.ai/settings, and make a new one.',
  )({
    id: 'weights-and-biases-api-key',
    title: 'Weights & Biases API key',
    shape: [letters('hex-lower', 40)],
    near: named('wandb api key', 'wandb key', 'wandb token'),
    opens: 'runs and models of its owner’s teams',
    examples: ['WANDB_API_KEY=a5·32e3a966126a2b00ff·7de7452c2671e91e66c5'],
  }),
  one(
    'Wit.ai',
    'https://wit.ai/docs/http',
    'Regenerate it under Management, Settings.',
  )({
    id: 'wit-ai-access-token',
    title: 'Wit.ai access token',
    kind: 'access-token',
    shape: [letters('alnum-upper', 32)],
    near: named('wit ai token', 'wit access token', 'wit token', 'wit ai key', 'wit ai access token'),
    opens: 'asks the app, or with a server token trains it',
    examples: ['WIT_AI_TOKEN=GI·G9ZLA2F4UE4CV0·5N96OF34OB7UQZOF'],
  }),
  one(
    'Prefect',
    'https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys',
    'Delete it under Account settings, API keys.',
  )({
    id: 'prefect-user-key',
    title: 'Prefect Cloud user key',
    shape: ['pnu_', letters('alnum', 36)],
    opens: 'flows and blocks of its owner’s workspaces',
    examples: ['PREFECT_API_KEY=pn·u_S7twK1MZRoZYEPoq·1M3wFYtymvMwcpKZBwrO'],
  }),
  one(
    'Prefect',
    'https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/service-accounts',
    'Rotate it under Account settings, Service accounts.',
  )({
    id: 'prefect-service-account-key',
    title: 'Prefect Cloud service account key',
    shape: ['pnb_', letters('alnum', 36)],
    opens: 'flows and blocks of the account’s workspaces',
    examples: ['PREFECT_API_KEY=pn·b_Ht7lDEK5rNe5S5Ew·MMa3aGy638Ig5v0SYjoD'],
  }),
);
