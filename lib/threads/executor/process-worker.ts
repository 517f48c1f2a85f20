/**
 * The worker side of a ProcessPoolExecutor: the module that its processes load, which does the
 * work.
 */
import { createRequire } from 'node:module';
import { deserialize, serialize } from 'node:v8';

import { packError } from '../share/remote-error.ts';
import { flushOutput, performWork } from './perform-work.ts';
import type { WorkMessage } from './thread-work.ts';

/** The answer: the result, or a packed error; each serialized by `v8.serialize`. */
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

/** The part of workerpool used here; its own type declarations require browser types. */
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
