import type { House } from './house.ts';
import type { Traffic } from './traffic.ts';

export type Exposition = { readonly contentType: string; readonly text: string };

/** Numbers in Prometheus's text format. The library is loaded when somebody first asks. */
export const openMetrics = (house: House, traffic: Traffic): (() => Promise<Exposition>) => {
  let registry: Promise<{ readonly contentType: string; readonly render: () => Promise<string> }> | undefined;
  return async () => {
    registry ??= openRegistry(house, traffic);
    const { contentType, render } = await registry;
    return { contentType, text: await render() };
  };
};

const openRegistry = async (house: House, traffic: Traffic) => {
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];

  const requests = new Counter({
    name: 'chatelaine_http_requests_total',
    help: 'Requests answered, by face and status.',
    labelNames: ['face', 'status'] as const,
    registers,
    collect() {
      this.reset();
      for (const [key, count] of traffic.requests) {
        const [face = '', status = ''] = key.split(' ');
        requests.inc({ face, status }, count);
      }
    },
  });
  const locked = new Counter({
    name: 'chatelaine_locked_refusals_total',
    help: 'Requests refused because the keys are locked; these leave no ledger entry.',
    registers,
    collect() {
      this.reset();
      locked.inc(traffic.locked());
    },
  });
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name: `chatelaine_${name}`,
      help,
      registers,
      async collect() {
        this.set(await read());
      },
    });
  gauge('http_connections', 'Open connections.', () => traffic.connections());
  gauge('unlocked', '1 when the keys are unlocked.', () => (house.seal.state() === 'unlocked' ? 1 : 0));
  gauge('ledger_entries', 'Entries of the ledger: every deed, allowed or denied.', () => house.deeds.head()?.size ?? 0);
  gauge('database_bytes', 'Size of the database.', () => house.engine.size());
  gauge('uptime_seconds', 'Time since the program started.', () => house.uptime().seconds);
  gauge('resident_bytes', 'Memory that the process holds.', () => process.memoryUsage.rss());
  return { contentType: registry.contentType, render: () => registry.metrics() };
};
