import type { Token } from '#formats';
import type { Issue } from './issue.ts';
import { type Module, callsIn, isSecretName } from './python.ts';

/** Hosts that are somebody's home or a manual's. */
const AT_HOME =
  /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0|\[|[\w-]+$|[\w.-]+\.(?:local|lan|home|internal|home\.arpa|localdomain|test|example|invalid)$|(?:[\w-]+\.)?example\.(?:com|org|net)$)/i;
/** Where documents and sources live, which no integration talks to. */
const ELSEWHERE =
  /(?:^|\.)(?:github\.com|githubusercontent\.com|home-assistant\.io|python\.org|pypi\.org|readthedocs\.io|w3\.org|schemas\.xmlsoap\.org)$/i;

/** The host of an address in a literal, when it is one of the internet; `https://{host}/` is none. */
const publicHost = ({ kind, text }: Token): string | null => {
  if (kind !== 'string') return null;
  const host = /^(?:https|wss):\/\/([\w.-]{3,200})/i.exec(text)?.[1];
  return host === undefined || AT_HOME.test(host) || ELSEWHERE.test(host) || !host.includes('.') ? null : host;
};

const OFF_ARGUMENT = /^(?:verify_ssl|verify|ssl|check_hostname|ssl_verify|tls_verify|validate_certs?|insecure)$/;
const SESSION = /(?:^|\.)async_(?:get|create)_clientsession$|(?:^|\.)(?:get_async_client|create_async_httpx_client)$/;

/** `verify_ssl=False` and its kin. Towards the internet it is wrong; towards a device at home it is worth a question. */
export const tlsOff = (modules: readonly Module[], manifest: string | null): readonly Issue[] => {
  const isLocal = manifest !== null && /"iot_class"\s*:\s*"local_/.test(manifest);
  const hosts = modules.flatMap(({ tokens }) => tokens.flatMap((token) => publicHost(token) ?? []));
  return modules.flatMap((module) => {
    const own = module.tokens.flatMap((token) => publicHost(token) ?? []);
    const issue = (at: Token, name: string, host: string | null, said: string): Issue => ({
      code: 'tls-unverified',
      module,
      start: at.start,
      end: at.end,
      name,
      why:
        host === null
          ? `${said}; no address of the internet stands in this integration`
          : `${said}, and it talks to ${host}`,
      confidence: host === null ? 'note' : 'likely',
    });
    const towards = own[0] ?? (isLocal ? null : (hosts[0] ?? null));
    const calls = callsIn(module).flatMap((call) => {
      const direct = call.arguments.flatMap(({ tokens }) => tokens.flatMap((token) => publicHost(token) ?? []))[0];
      const off = call.arguments.find(
        ({ name, tokens }, index) =>
          (name !== null ? OFF_ARGUMENT.test(name) : index === 1 && SESSION.test(call.callee)) &&
          tokens.length === 1 &&
          tokens[0]!.text === (name === 'insecure' ? 'True' : 'False'),
      );
      if (off !== undefined)
        return [
          issue(
            off.tokens[0]!,
            off.name ?? 'verify_ssl',
            direct ?? towards,
            `${call.callee} is called with ${off.name ?? 'verify_ssl'} off`,
          ),
        ];
      return /(?:^|\.)_create_unverified_context$/.test(call.callee)
        ? [issue(call.at, 'ssl', towards, 'a context that verifies nothing is made')]
        : [];
    });
    const settings = module.tokens.flatMap((token, i) => {
      const isOff =
        token.text === 'CERT_NONE' ||
        (token.text === 'check_hostname' &&
          module.tokens[i + 1]?.text === '=' &&
          module.tokens[i + 2]?.text === 'False' &&
          module.tokens[i - 1]?.text === '.');
      return isOff ? [issue(token, token.text, towards, `${token.text} is set`)] : [];
    });
    return [...calls, ...settings];
  });
};

/** `?token={…}`, `&password=%s`, `"…?api_key=" + key`. */
const QUERY = /[?&]([\w-]{2,40})=(?:\{[^}]|%s|$)/g;

/** Credentials put into the query of an address, and into `params`. */
export const inQuery = (module: Module): readonly Issue[] => {
  const issues: Issue[] = [];
  const add = (at: Token, name: string, why: string, confidence: Issue['confidence']) =>
    issues.push({ code: 'secret-in-query', module, start: at.start, end: at.end, name, why, confidence });
  for (const [i, token] of module.tokens.entries()) {
    if (token.kind !== 'string' || token.text.length > 2_000) continue;
    const isBuilt = token.fixed !== undefined || /%s|\{\w*\}/.test(token.text) || module.tokens[i + 1]?.text === '+';
    if (!isBuilt) continue;
    for (const [, name = ''] of token.text.matchAll(QUERY))
      if (isSecretName(name)) add(token, name, `${name} is put into the query of an address`, 'likely');
  }
  for (const { arguments: given } of callsIn(module))
    for (const { name, tokens } of given)
      if (name === 'params')
        for (const [i, token] of tokens.entries())
          if (token.kind === 'string' && tokens[i + 1]?.text === ':' && isSecretName(token.text))
            add(token, token.text, `${token.text} is sent as a parameter of the query`, 'note');
  return issues;
};
