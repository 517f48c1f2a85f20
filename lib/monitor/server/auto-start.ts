/** `OXBOW_MONITOR=1`: the first loop of a thread starts the monitor. */
import { onLoopMade } from '../../core/loop/live-loops.ts';
import { startMonitorQuietly } from './start.ts';

const wanted = process.env['OXBOW_MONITOR'];

if (wanted !== undefined && wanted !== '' && wanted !== '0') {
  onLoopMade(() => {
    // It takes the place of this one, and finds the loop among those that are there.
    onLoopMade(null);
    startMonitorQuietly();
  });
}
