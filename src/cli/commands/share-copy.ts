import { command, flag, required, text } from '../command.ts';

export const shareCopy = command({
  teaches: `Copies a folder of configuration with every credential replaced by a fake of the same shape, so that it still loads and
can be shown in a forum, attached to an issue, or given to an assistant. The same value has the same fake in all files.
Comments, order and everything else stay as they are.

Only text files of configuration are copied; pictures, databases, backups and what programs build are left out and named.
What makes you recognisable (names, coordinates, addresses of machines) is no credential and stays: look through the copy
before you publish it.`,
  examples: [
    { run: 'chatelaine share-copy . --output /tmp/to-show', does: 'this folder' },
    { run: 'chatelaine share-copy config --output to-show --force', does: 'over an earlier copy' },
  ],
  next: 'chatelaine scan DIRECTORY looks through the copy as a stranger would.',
  arguments: { folder: required('PATH', 'the folder to copy') },
  options: {
    output: text('DIRECTORY', 'where the copy goes; must not exist', 'o'),
    force: flag('write into a folder that exists already'),
  },
  async run(context, { options, args }) {
    const { shareFolder } = await import('../scan/share-folder.ts');
    return shareFolder(context, { folder: args.folder, output: options.output, force: options.force });
  },
});
