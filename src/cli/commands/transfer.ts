import { command, required } from '../command.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';

export const transfer = command({
  teaches: `Gives a credential another name inside its environment. Its versions, its story and its consumers go with it. No value
ever goes to another environment: each has values of its own.`,
  examples: [
    {
      run: 'chatelaine transfer mqtt_password mqtt/sensors/password',
      does: 'both names in the project of this folder',
    },
  ],
  next: 'Adopt the folder again, so that its files are rendered by the new name.',
  arguments: { path: required('PATH', 'what it is called now'), to: required('NEW', 'what it shall be called') },
  options: PLACE_OPTIONS,
  async run(context, { args, options }) {
    const path = pathOf(context, args.path, options);
    const isWhole =
      options.project === undefined &&
      options.environment === undefined &&
      args.to.split('/').length >= 3 &&
      args.to.startsWith(`${path.project}/`);
    const to = pathOf(context, args.to, isWhole ? options : { project: path.project, environment: path.environment });
    const server = await context.server();
    await server.call('transfers.create', { path, body: { to: to.toString() } });
    context.answer({ path: path.toString(), to: to.toString() }, () =>
      context.terminal.say(`${path.toString()} is ${to.toString()} now.`),
    );
    return DONE;
  },
});
