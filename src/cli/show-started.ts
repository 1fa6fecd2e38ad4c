import type { Started } from './operations.ts';
import type { Terminal } from './terminal.ts';

/** What a person wants to know of a server that has just started. The code is for a person's eyes: it opens a session. */
export const showStarted = (started: Started, terminal: Terminal): void => {
  const { paintRemarks: paint } = terminal;
  terminal.say();
  terminal.say(
    paint.good(
      started.isLocked ? `Chatelaine serves on ${started.url}, locked.` : `Chatelaine serves on ${started.url}`,
    ),
  );
  if (started.isFirstStart) {
    terminal.say();
    terminal.say('This is the first start. It made');
    terminal.say(`  ${started.folder}   the data, sealed`);
    if (started.keyFile !== null)
      terminal.say(`  ${started.keyFile}   the key that unlocks it: back it up apart from the data`);
  }
  if (started.owner !== null) {
    terminal.say();
    const { name, isLinked } = started.owner;
    terminal.say(
      isLinked
        ? `You are ${paint.title(name)}, its owner; commands on this machine need no password.`
        : `Its owner is ${paint.title(name)}, whom this user of the machine is not linked to: sign in with chatelaine login.`,
    );
  }
  // A journal keeps what it is told; the code is for somebody who looks at a screen.
  if (started.signIn !== null && !terminal.isTerminal)
    terminal.say(`Sign in elsewhere with a code:  ${paint.command('chatelaine token sign-in')}`);
  else if (started.signIn !== null)
    terminal.say(
      `Sign in elsewhere with this code, once, within 15 minutes:  ${paint.title(started.signIn.revealText())}`,
    );
  terminal.say();
  if (started.isLocked) showLocked(started, terminal);
  else {
    terminal.say('Next, in another terminal:');
    terminal.say(`  ${paint.command('chatelaine adopt FOLDER')}   takes in your home`);
    if (!started.isKitConfirmed)
      terminal.say(
        `  ${paint.command('chatelaine kit create')}    makes the recovery kit: ${paint.warn('without it, losing this machine loses everything')}`,
      );
  }
  terminal.say(paint.quiet('Stop it with Ctrl-C.'));
};

/** What happened, why, and what to do: the log says it too, where nobody looks. */
const showLocked = ({ whyLocked }: Started, terminal: Terminal): void => {
  const { paintRemarks: paint } = terminal;
  if (whyLocked === null) return terminal.say(`Next:  ${paint.command('chatelaine unlock')}`);
  terminal.say(paint.warn(`It could not unlock by itself. ${whyLocked.message}`));
  terminal.say('Until it is unlocked it hands out nothing and changes nothing; what was handed out keeps working.');
  terminal.say(`Next:  ${whyLocked.hint ?? paint.command('chatelaine unlock')}`);
};
