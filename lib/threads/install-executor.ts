/** Threads as the default executor of every loop; importing `oxbow` does it. */
import { setDefaultExecutorFactory } from '../core/loop-executors.ts';
import { ThreadPoolExecutor } from './thread-pool-executor.ts';

setDefaultExecutorFactory(() => new ThreadPoolExecutor({ name: 'default' }));
