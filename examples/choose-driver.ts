// The driver for the platform: `auto` takes the best there is; `virtual` simulates time, so that an
// hour is over at once.
import { EventLoop, run, setEventLoopFactory, sleep } from 'oxbow';

const driver = process.platform === 'linux' ? 'epoll' : 'kqueue';
setEventLoopFactory((options) => new EventLoop({ ...options, driver }));
await run(() => sleep('10ms').then(() => console.log(`slept 10 ms on ${driver}`)));

setEventLoopFactory((options) => new EventLoop({ ...options, driver: 'virtual' }));
await run(() => sleep('1h').then(() => console.log('slept an hour on virtual')));
