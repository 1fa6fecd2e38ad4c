/**
 * Asks the server of this container, through its socket, whether it can do its work. Exit code 0 when it can.
 *
 *     node healthcheck.mjs [/readyz]
 *
 * The socket is CHATELAINE_SOCKET, or else the one inside CHATELAINE_DATA. No network, no certificate, no token.
 */
import { request } from 'node:http';
import { join } from 'node:path';

const socketPath =
  process.env.CHATELAINE_SOCKET ?? join(process.env.CHATELAINE_DATA ?? '/data/store', 'chatelaine.sock');
const path = process.argv[2] ?? '/healthz';

const fail = (why) => {
  process.stderr.write(`${why}\n`);
  process.exit(1);
};

request({ socketPath, path, headers: { host: 'localhost' }, timeout: 5_000 }, (response) => {
  response.resume();
  response.on('end', () =>
    response.statusCode === 200 ? process.exit(0) : fail(`${path} answered ${response.statusCode}`),
  );
})
  .on('timeout', () => fail(`${path} did not answer in 5 seconds`))
  .on('error', (error) => fail(`${socketPath}: ${error.code ?? error.message}`))
  .end();
