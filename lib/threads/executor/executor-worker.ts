/**
 * The worker side of a ThreadPoolExecutor: the module that its threads load, which does the work.
 */
import { receiveMessageOnPort } from 'node:worker_threads';

import { packError } from '../share/remote-error.ts';
import { flushOutput, performWork } from './perform-work.ts';
import type { JobAnswer, JobMessage } from './thread-job.ts';

async function answerOf(job: JobMessage, args: unknown[]): Promise<JobAnswer> {
  try {
    return { value: await performWork(job, args, 'thread') };
  } catch (error) {
    return { error: packError(error) };
  }
}

function send(job: JobMessage, answer: JobAnswer): void {
  try {
    job.port.postMessage(answer);
  } catch (cause) {
    const error = new DOMException(
      `the result of ${job.label} cannot travel out of its thread: ` +
        String((cause as Error).message).split('\n')[0],
      'DataCloneError',
    );
    job.port.postMessage({ error: packError(error) });
  }
}

async function performWith(job: JobMessage): Promise<void> {
  const args = receiveMessageOnPort(job.port)?.message as unknown[] | undefined;
  // A second message is a cancel that arrived before the work began.
  if (args === undefined || receiveMessageOnPort(job.port) !== undefined) return;
  const answer = await answerOf(job, args);
  await flushOutput();
  send(job, answer);
}

/** Does one job; called by piscina. */
export default async function perform(job: JobMessage): Promise<void> {
  try {
    await performWith(job);
  } finally {
    // Close explicitly: an unread, late cancel would keep the port open after the other side has
    // closed.
    job.port.close();
  }
}
