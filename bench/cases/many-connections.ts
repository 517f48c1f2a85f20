// Whether a message costs more with many connections: TCP echo of 64 B, with one message in flight
// on each connection, and more and more connections to one server program.
import { echoDrivers } from '../drivers.ts';
import type { Driver } from '../drivers.ts';
import { underLoad } from '../load.ts';
import type { BenchCase, Comparison, Contender, Settings } from '../types.ts';

const SIZE = 64;
const SERVERS = ['oxbow', 'node:net', 'raw epoll'];
const drivers = echoDrivers.filter(({ name }) => SERVERS.includes(name));
const nameOf = (server: string, connections: number) => `${server}, ${connections}`;

function contender(driver: Driver, settings: Settings, connections: number): Contender {
  const shape = { connections, size: SIZE, depth: 1 };
  const [one] = underLoad([driver], settings, 'load_echo', shape, SIZE);
  return { ...one!, name: nameOf(driver.name, connections) };
}

export const manyConnections: BenchCase = {
  name: 'many-connections',
  rows(settings) {
    const [few, ...more] = settings.smoke ? [5, 50] : [50, 1000, 10_000];
    const compare = (server: string, most?: number): Comparison[] =>
      more.map((count) => {
        return { ours: nameOf(server, count), theirs: nameOf(server, few!), max: most };
      });
    return [
      {
        name: '64 B, by the number of connections',
        unit: 'us/message',
        contenders: drivers.flatMap((driver) =>
          [few!, ...more].map((count) => contender(driver, settings, count)),
        ),
        comparisons: SERVERS.flatMap((server) =>
          compare(server, server === 'oxbow' ? 1.25 : undefined),
        ),
      },
    ];
  },
};
