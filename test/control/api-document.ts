import { writeFileSync } from 'node:fs';
import { ROUTES, ROUTE_IDS, type Route, documentedPath } from '#contract';

/**
 * `docs/api.md`, made from the contract so that it cannot say anything else; a test compares.
 *
 *     node test/control/api-document.ts
 */
export const apiDocument = (): string => {
  const tags = [...new Set(ROUTE_IDS.map((id) => ROUTES[id].tag))];
  return `${[INTRODUCTION, ...tags.map(section), CONVERSATION].join('\n\n')}\n`;
};

const section = (tag: string): string => {
  const rows = ROUTE_IDS.filter((id) => ROUTES[id].tag === tag).map(row);
  return `## ${tag[0]!.toUpperCase()}${tag.slice(1)}\n\n| request | does | id |\n| --- | --- | --- |\n${rows.join('\n')}`;
};

const row = (id: keyof typeof ROUTES): string => {
  const route: Route = ROUTES[id];
  const open = route.auth === 'public' ? ' *No caller needed.*' : '';
  return `| \`${route.method} /api${documentedPath(route)}\` | ${route.summary}.${open} | \`${id}\` |`;
};

const INTRODUCTION = `# The API

Our own API lies under \`/api\`. Its exact form, field by field, is the OpenAPI 3.1 document that the server gives at \`/api/openapi.json\`; both come from \`src/contract/\`, as do the typed client (\`src/client/\`) and the checks of every request. This page is made from the same tables.`;

const CONVERSATION = `## How it talks

- **Who asks** is shown by \`Authorization: Bearer chtl_…\` (or \`X-Vault-Token\`), or by a connection through the socket of the machine on which \`POST /api/sign-in/os\` succeeded. Nobody without a proof learns what a request may hold: 401 comes before every other check.
- **Paths** of credentials are the rest of the URL: \`/api/values/porch/home/mqtt/password\`. Each part is percent-decoded once. Encoded slashes, empty parts, \`.\`, \`..\` and everything else that is not canonical is refused, never repaired.
- **Bodies** are JSON in UTF-8 with \`Content-Type: application/json\`; anything else is 415. Unknown fields are refused. Numbers inside values come back as they were written.
- **Refusals** are problem details (RFC 9457, \`application/problem+json\`) with a stable \`code\`, whose \`fault\` it is, a \`hint\` that says what to do next, \`details\`, and in \`instance\` the id under which the log knows the request.
- **What is foreign** is 404, as what never was; 403 with the reason is for those who may see the thing. The denial is in the ledger either way.
- **Lists** come in pages: \`limit\` (1 to 500, usually 100) and \`after\`, which is the \`next\` of the page before.
- **Changes on what was read**: the \`ETag\` of a credential is its \`id\`, a dot and its \`revision\`, which counts its changes; \`If-Match\` on \`PATCH /api/credentials/…\` answers 412 when it moved on, also where another credential has the name by now. Where If-Match is not understood it is refused. Values take \`checkAndSet\`, the version that is replaced; 409 says that it moved on. A number alone says nothing of whose it is: with \`credential\`, the id that was seen, 412 says that another has the name. \`promotions\` always take it.
- **What the caller has already**: \`values.get\` answers with a \`tag\` (and the same as \`ETag\`); \`If-None-Match\` with it is 304 as long as nothing changed. \`POST /api/bulk-reads\` takes such tags as \`known\`. Whether the caller may read is decided as ever, and a refusal is in the ledger; "unchanged" gives no value, is no entry, and is counted as a use.
- **Repetitions**: a change with an \`Idempotency-Key\` (8 to 128 letters, digits, \`- _ . :\`) is done once within 24 hours. The same caller with the same token gets the first answer again, which lies sealed until then; with another request the key is 422, and while the first has not answered 409. A request that failed before it changed anything frees its key; one that did something, or whose end is unknown, keeps it, so that nothing is done twice. A request that gives out what is kept takes no key, and the value that \`generations\` shows when asked is null in a repeated answer: a kept answer would outlive the right to read it.
- **Receipts**: reads and writes of values answer with the index of their entry in the ledger. \`GET /api/ledger/entries/{index}?own=true\` opens it to its caller, \`GET /api/ledger/proofs/{index}?own=true\` proves it to anybody.
- **While locked** only \`status\`, \`unlock\` and the document answer; everything else is 503. Browsers may not unlock, and five tries a minute are the most from one address.`;

if (import.meta.main) writeFileSync(new URL('../../docs/api.md', import.meta.url), apiDocument());
