import { command, flag, optional } from '../command.ts';

export const redact = command({
  teaches: `A filter: reads text from standard input (or FILE) and prints it with every credential replaced by what it is taken for,
such as ‹wifi passphrase?›. For logs and diagnostics before they are shown to anybody. With --known, values that the store
keeps for this folder become their names, such as ‹porch/home/mqtt›, wherever they stand; that reads them all, and the
record says so.

What the scanner cannot recognise stays: look through the result before you publish it.`,
  examples: [
    { run: 'journalctl -u home-assistant | chatelaine redact', does: 'a log for a forum' },
    { run: 'chatelaine redact home-assistant.log', does: 'a file' },
    { run: 'docker logs mosquitto | chatelaine redact --known', does: 'also what only the store knows to be secret' },
  ],
  next: 'chatelaine share-copy PATH makes a copy of a whole configuration to show.',
  arguments: { file: optional('FILE', 'a text file; standard input when none is named') },
  options: { known: flag('also values of the store, for the project and environment of this folder') },
  async run(context, { options, args }) {
    const { redactStream } = await import('../scan/redact-stream.ts');
    return redactStream(context, { file: args.file, known: options.known });
  },
});
