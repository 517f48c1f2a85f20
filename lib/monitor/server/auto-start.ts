/** `OXBOW_MONITOR=1`: the first loop of each thread starts the monitor there. */
import { onLoopMade } from '../../core/loop/live-loops.ts';
import { startMonitorQuietly } from './start.ts';

const wanted = process.env['OXBOW_MONITOR'];

if (wanted !== undefined && wanted !== '' && wanted !== '0') {
  onLoopMade(() => {
    // The monitor registers its own callback instead, and finds this loop among the live ones.
    onLoopMade(null);
    startMonitorQuietly();
  });
}
