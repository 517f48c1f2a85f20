/** The garbage collector, at once and in full: what is measured after it is in use. */
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose_gc');

/** Twice: the second waits until what the first has found is swept. */
export function collectGarbage(): void {
  const collect = vm.runInNewContext('gc') as () => void;
  collect();
  collect();
}
