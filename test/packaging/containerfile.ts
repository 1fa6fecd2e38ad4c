/** One instruction of a Containerfile: its word, and what follows with line continuations joined. */
export type Instruction = { readonly word: string; readonly text: string };

/** The stages of a Containerfile, each beginning with its FROM. */
export const stagesOf = (file: string): Instruction[][] => {
  const stages: Instruction[][] = [];
  for (const instruction of instructionsOf(file)) {
    if (instruction.word === 'FROM') stages.push([]);
    const stage = stages.at(-1);
    if (stage === undefined) throw new SyntaxError(`${instruction.word} stands before FROM.`);
    stage.push(instruction);
  }
  return stages;
};

const WORDS = new Set(
  'FROM RUN CMD LABEL EXPOSE ENV COPY ENTRYPOINT VOLUME USER WORKDIR ARG STOPSIGNAL HEALTHCHECK SHELL'.split(' '),
);

const instructionsOf = (file: string): Instruction[] => {
  const instructions: Instruction[] = [];
  const lines = file.split('\n').filter((line) => !/^\s*#/.test(line) && line.trim() !== '');
  for (let i = 0; i < lines.length; i++) {
    let line = lines[i]!;
    while (line.endsWith('\\')) {
      i++;
      if (lines[i] === undefined) throw new SyntaxError('The last line goes on.');
      line = `${line.slice(0, -1).trimEnd()} ${lines[i]!.trim()}`;
    }
    const [, word = '', text = ''] = /^([A-Z]+) +(.+)$/.exec(line) ?? [];
    if (!WORDS.has(word)) throw new SyntaxError(`No instruction: ${line}`);
    instructions.push({ word, text });
  }
  return instructions;
};

export const textsOf = (stage: readonly Instruction[], word: string): string[] =>
  stage.flatMap((one) => (one.word === word ? [one.text] : []));

/** `A=1 B=2` of an ENV. */
export const environmentOf = (stage: readonly Instruction[]): Record<string, string> =>
  Object.fromEntries(
    textsOf(stage, 'ENV').flatMap((text) =>
      text.split(/ +/).map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]),
    ),
  );

/** What a stage copies from the context, not from another stage. */
export const copiedFromContext = (
  stage: readonly Instruction[],
): { readonly sources: string[]; readonly target: string }[] =>
  textsOf(stage, 'COPY')
    .filter((text) => !text.includes('--from='))
    .map((text) => text.split(/ +/).filter((part) => !part.startsWith('--')))
    .map((parts) => ({ sources: parts.slice(0, -1), target: parts.at(-1)! }));
