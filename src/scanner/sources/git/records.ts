/** Texts between separators, those of one chunk together: an await for each line would cost more than git does. */
export const splitRecords = async function* (
  chunks: AsyncIterable<Uint8Array>,
  separator: 0 | 0x0a,
): AsyncGenerator<readonly string[]> {
  const text = String.fromCharCode(separator);
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    const records = (rest + decoder.decode(chunk, { stream: true })).split(text);
    rest = records.pop() ?? '';
    if (records.length > 0) yield records;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
};
