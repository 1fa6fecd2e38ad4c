import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { survey } from '#formats';
import { command, text } from '../command.ts';
import type { Context } from '../context.ts';
import { readFolder } from '../folder.ts';
import type { Started } from '../operations.ts';
import { openServer } from '../session.ts';
import { takeIn } from '../take-in.ts';

export const demo = command({
  teaches: `Tries everything out: starts a server on a throwaway data folder, takes in a copy of an example home (Home
Assistant, ESPHome, Zigbee2MQTT, Node-RED, Mosquitto, an Alexa skill, a GitHub workflow, an Arduino sketch, with the mistakes
that people really make), shows what it found, and stays until Ctrl-C. Nothing of yours is read or written, and nothing is left.`,
  examples: [
    { run: 'chatelaine demo', does: 'then, in another terminal, the three commands that it prints' },
    { run: 'chatelaine demo --listen 127.0.0.1:8300', does: 'when something else serves on port 8200' },
  ],
  next: 'For your own home: chatelaine up, then chatelaine adopt FOLDER.',
  arguments: {},
  options: { listen: text('HOST:PORT', 'Address to serve on; 127.0.0.1:8200 unless told otherwise.') },
  async run(context, { options }) {
    const operations = await context.operations();
    const started = await operations.demo(
      options.listen === undefined ? {} : { listen: options.listen },
      context.environment,
    );
    const home = mkdtempSync(join(tmpdir(), 'chatelaine-home-'));
    try {
      const folder = join(home, 'porch');
      cpSync(operations.example, folder, { recursive: true });
      if (started.socket !== null) await adoptExample(context, started, home, folder);
      showNext(context, started, folder);
      return await started.ended;
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
});

const adoptExample = async (context: Context, started: Started, home: string, folder: string): Promise<void> => {
  const { terminal } = context;
  const reading = readFolder(folder, terminal.progress('files looked at'), context.signal);
  const found = survey(reading.files);
  const where = { server: `unix:${started.socket}`, data: undefined };
  const server = await openServer({ ...context, where });
  try {
    // Its own memory: a throwaway must not stand in the person's.
    const memory = { ...context.memory, update: () => undefined, plansFile: join(home, 'plans.json') };
    await takeIn(
      {
        ...context,
        memory,
        where,
        server: async () => server,
        answer: (value, show) => (context.json ? terminal.print(JSON.stringify(value)) : show()),
      },
      {
        folder: reading,
        survey: found,
        place: { project: 'porch', environment: 'home' },
        rewrite: null,
        isDemo: true,
      },
    );
  } finally {
    server.close();
  }
};

const showNext = ({ terminal }: Context, { url, socket }: Started, folder: string): void => {
  const { paintRemarks: paint } = terminal;
  const server = `--server unix:${socket}`;
  terminal.say();
  terminal.say(paint.warn(`This is a demo on ${url}, in a throwaway folder: what you put in is gone when it ends.`));
  terminal.say('Try, in another terminal:');
  terminal.say(`  ${paint.command(`./chatelaine next ${server}`)}`);
  terminal.say(`  ${paint.command(`./chatelaine get porch/home/mqtt-password ${server}`)}`);
  terminal.say(`  ${paint.command(`./chatelaine adopt ${folder} --project porch --rewrite --dry-run`)}`);
  terminal.say(paint.quiet('Ctrl-C ends it.'));
};
