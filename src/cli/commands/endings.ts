import { command, required, text } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';

type Ending = 'suspend' | 'resume' | 'retire' | 'compromise';

const ending = (verb: Ending, teaches: string, next: string) =>
  command({
    teaches: `${teaches}

Which ending do I want? suspend: stop it for now, resume brings it back. retire: no longer handed out, older versions stay
readable to its owner. compromise: somebody else may know it, never hand it out again. destroy: make every version unreadable.`,
    examples: [
      {
        run: `chatelaine ${verb} mqtt_password --reason "${REASONS[verb]}"`,
        does: 'the reason is for whoever reads it a year later',
      },
    ],
    next,
    arguments: { path: required('PATH', 'project/environment/name, or a name in this folder’s project') },
    options: { ...PLACE_OPTIONS, reason: text('TEXT', 'Why.', 'r') },
    async run(context, { args, options }) {
      const path = pathOf(context, args.path, options);
      const instead = 'Say why with --reason TEXT.';
      const reason = options.reason ?? (await context.terminal.ask(`Why ${verb} ${path.toString()}?`, instead)).trim();
      if (reason === '') throw cliError('wrong_use', instead, { command: verb });
      const server = await context.server();
      const changed = await server.call('states.change', { path, body: { ending: verb, reason } });
      context.answer(changed, () => context.terminal.say(`${changed.path} is ${changed.state}.`));
      return DONE;
    },
  });

const REASONS: Readonly<Record<Ending, string>> = {
  suspend: 'the phone with it is lost',
  resume: 'the phone turned up',
  retire: 'the broker was replaced',
  compromise: 'it was in a public repository',
};

export const suspend = ending(
  'suspend',
  'Stops a credential from being handed out, for now: reading answers with the way to resume it.',
  'chatelaine resume PATH hands it out again.',
);
export const resume = ending(
  'resume',
  'Hands a suspended credential out again.',
  'chatelaine show PATH says what uses it.',
);
export const retire = ending(
  'retire',
  'Ends the use of a credential: it is not handed out any more. Its versions stay, for its owner.',
  'Remove what still asks for it: chatelaine show PATH says what that is.',
);
export const compromise = ending(
  'compromise',
  'Marks a credential as known to somebody else. It is never handed out again; make a new one in its place.',
  'Make a new one under another name, and end this one where it is checked.',
);
