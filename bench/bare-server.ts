/** The yardstick: `node:http` answering a small JSON document and doing nothing else. */
import { createServer } from 'node:http';

const BODY = JSON.stringify({
  data: { data: { password: 'x'.repeat(24) }, metadata: { version: 1, destroyed: false } },
});

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) });
  response.end(BODY);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send!({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
process.once('disconnect', () => process.exit(0));
