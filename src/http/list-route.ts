import type { RequestListener } from 'node:http';

/**
 * The verb under which a LIST travels through Fastify, whose router takes none but Node's own. It is never served to
 * a client who sends it: register routes for LIST with this method, after `app.addHttpMethod(LIST_ROUTE)`.
 */
export const LIST_ROUTE = 'SOURCE';

/** Goes between server and Fastify: `fastify({ serverFactory: (handler) => createServer(listAsRoute(handler)) })`. */
export const listAsRoute =
  (handler: RequestListener): RequestListener =>
  (request, response) => {
    if (request.method === 'LIST') request.method = LIST_ROUTE;
    else if (request.method === LIST_ROUTE) {
      response.writeHead(405, { 'content-length': 0 }).end();
      return;
    }
    handler(request, response);
  };
