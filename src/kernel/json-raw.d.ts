/** ECMAScript 2026 JSON source text access, which TypeScript's library does not describe yet. */
interface JSON {
  rawJSON(text: string): { readonly rawJSON: string };
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
  parse(
    text: string,
    reviver?: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
}
