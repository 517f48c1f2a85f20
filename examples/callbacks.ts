// The layer under coroutines: callbacks, now and later.
import { newEventLoop } from 'oxbow';

const loop = newEventLoop();

loop.callLater(
  '20ms',
  (name: string) => {
    console.log(`later: ${name}`);
    loop.stop();
  },
  'last',
);
const cancelled = loop.callLater('10ms', () => console.log('never'));
loop.callSoon(() => console.log('soon: 1'));
loop.callSoon(() => console.log('soon: 2'));
cancelled.cancel();
console.log('nothing has run yet');

await loop.runForever();
loop.close();
