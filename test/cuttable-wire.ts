import { once } from 'node:events';
import { type Server, type Socket, connect, createServer } from 'node:net';

/** Everything that passes between a client and a server on loopback, and a knife. */
export type Wire = {
  readonly port: number;
  /**
   * Cuts the connection on which this text passes next: before the server sees it, or after it answered but before we
   * hear. Once; later connections pass.
   */
  cutAt(text: string, when: 'before' | 'after'): void;
  close(): void;
};

export const cuttableWire = async (to: number): Promise<Wire> => {
  let cut: { readonly text: string; readonly when: 'before' | 'after' } | undefined;
  const sockets = new Set<Socket>();
  const wire: Server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    let deaf = false;
    const end = () => [near, far].forEach((socket) => socket.destroy());
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    near.on('data', (data) => {
      const meant = cut !== undefined && data.includes(cut.text);
      const when = cut?.when;
      if (meant) cut = undefined;
      if (meant && when === 'before') return end();
      deaf ||= meant;
      far.write(data);
    });
    far.on('data', (data) => (deaf ? end() : near.write(data)));
  });
  wire.listen(0, '127.0.0.1');
  await once(wire, 'listening');
  const address = wire.address();
  if (address === null || typeof address === 'string') throw new Error('No port on loopback.');
  return {
    port: address.port,
    cutAt(text, when) {
      cut = { text, when };
    },
    close() {
      wire.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};
