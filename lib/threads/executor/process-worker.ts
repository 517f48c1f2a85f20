/**
 * The other end of a ProcessPoolExecutor: what its processes load, and what does the work there.
 */
import { createRequire } from 'node:module';
import { deserialize, serialize } from 'node:v8';

import { packError } from '../share/remote-error.ts';
import { flushOutput, performWork } from './perform-work.ts';
import type { WorkMessage } from './thread-work.ts';

/** What comes back: the result, or an error in parts; as `v8.serialize` writes them. */
export interface ProcessAnswer {
  readonly value?: Uint8Array;
  readonly error?: Uint8Array;
}

async function answerOf(message: WorkMessage, args: Uint8Array): Promise<ProcessAnswer> {
  let value: unknown;
  try {
    value = await performWork(message, deserialize(args) as unknown[], 'process');
  } catch (error) {
    return { error: serialize(packError(error)) };
  }
  try {
    return { value: serialize(value) };
  } catch (cause) {
    const reason = String((cause as Error).message).split('\n')[0];
    const text = `the result of ${message.label} cannot travel out of its process: ${reason}`;
    return { error: serialize(packError(new DOMException(text, 'DataCloneError'))) };
  }
}

/** workerpool's own declarations need those of a browser. */
interface WorkerSide {
  worker(methods: Record<string, (message: WorkMessage, args: Uint8Array) => unknown>): void;
}

const { worker } = createRequire(import.meta.url)('workerpool') as WorkerSide;

worker({
  perform: async (message: WorkMessage, args: Uint8Array): Promise<ProcessAnswer> => {
    const answer = await answerOf(message, args);
    await flushOutput();
    return answer;
  },
});
