/** `oxbow/testing`: tools for deterministic tests. Table of contents. */
import './threads/executor/install-executor.ts';
export { VirtualLoop } from './testing/virtual-loop.ts';
export type { VirtualLoopOptions } from './testing/virtual-loop.ts';
export { VirtualNetwork } from './testing/virtual-network.ts';
export type { LinkOptions } from './testing/virtual-network.ts';
export { runVirtual } from './testing/run-virtual.ts';
export { connectedPair } from './net/pair.ts';
export { connectedHttp } from './testing/connected-http.ts';
export type { ConnectedHttp } from './testing/connected-http.ts';
export { routesOf } from './http.ts';
export { testClient } from './testing/test-client.ts';
export type { TestApp, TestClient } from './testing/test-client.ts';
export type { TestResponse } from './testing/test-response.ts';
