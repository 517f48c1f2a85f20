import { acceptClose } from './accept-close.ts';
import { acceptStorm } from './accept-storm.ts';
import { awaitDone } from './await-done.ts';
import { callSoon } from './call-soon.ts';
import { dns } from './dns.ts';
import { gather } from './gather.ts';
import { httpBody } from './http-body.ts';
import { httpClient } from './http-client.ts';
import { httpFiles } from './http-files.ts';
import { httpFrameworks } from './http-frameworks.ts';
import { httpHello } from './http-hello.ts';
import { httpRoutes } from './http-routes.ts';
import { httpIdle } from './http-idle.ts';
import { httpRestart } from './http-restart.ts';
import { httpWorkers } from './http-workers.ts';
import { idleConnections } from './idle-connections.ts';
import { lock } from './lock.ts';
import { manyConnections } from './many-connections.ts';
import { queue } from './queue.ts';
import { sendfile } from './sendfile.ts';
import { startup } from './startup.ts';
import { task } from './task.ts';
import { taskSwitch } from './task-switch.ts';
import { tcpEcho } from './tcp-echo.ts';
import { threads } from './threads.ts';
import { timers } from './timers.ts';
import { tlsEcho, tlsHandshakes, tlsHello, tlsIdle } from './tls.ts';
import { childOutput, spawning, spawnRate } from './processes.ts';
import { udpEcho } from './udp-echo.ts';
import { webSocket } from './websocket.ts';
import { unixEcho } from './unix-echo.ts';
import type { BenchCase } from '../types.ts';

/** In the order of the table. */
export const cases: BenchCase[] = [
  callSoon,
  timers,
  task,
  taskSwitch,
  awaitDone,
  gather,
  lock,
  queue,
  threads,
  tcpEcho,
  unixEcho,
  manyConnections,
  udpEcho,
  dns,
  spawning,
  spawnRate,
  childOutput,
  sendfile,
  acceptClose,
  acceptStorm,
  tlsEcho,
  tlsHandshakes,
  httpHello,
  httpRoutes,
  tlsHello,
  httpBody,
  httpFiles,
  httpFrameworks,
  httpWorkers,
  httpRestart,
  httpClient,
  webSocket,
  idleConnections,
  httpIdle,
  tlsIdle,
  startup,
];
