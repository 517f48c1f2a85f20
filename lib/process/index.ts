/** Processes: the types of this room that `oxbow` exports. */
import './install.ts';
export { createSubprocessExec, createSubprocessShell } from './create-subprocess.ts';
export type {
  ArgumentsAndOptions,
  SubprocessOptions,
  SubprocessProtocolFactory,
} from './create-subprocess.ts';
export type { CommunicateOptions, Output } from './communicate.ts';
export type { GivenDescriptor, SpawnOptions, Stdio } from './options.ts';
export { Process } from './process.ts';
export type { KillOptions } from './process.ts';
export { signals, SignalSource } from './signals.ts';
export type { SignalName } from './signals.ts';
export { SubprocessProtocol } from './subprocess-protocol.ts';
export { SubprocessTransport } from './subprocess-transport.ts';
