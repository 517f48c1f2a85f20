import type { JobMessage } from './thread-job.ts';
/** Does one job; piscina calls it. */
export default function perform(job: JobMessage): Promise<void>;
