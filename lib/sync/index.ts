/** Synchronisation and queues. Contents page. */
export { Barrier } from './barrier.ts';
export type { BarrierOptions } from './barrier.ts';
export { Broadcast } from './broadcast.ts';
export type { BroadcastOptions } from './broadcast.ts';
export { BroadcastReceiver } from './broadcast-receiver.ts';
export type { SubscribeOptions } from './broadcast-receiver.ts';
export { CapacityLimiter } from './capacity-limiter.ts';
export type {
  CapacityLimiterOptions, CapacityLimiterStatistics,
} from './capacity-limiter.ts';
export { Channel } from './channel.ts';
export type { ChannelOptions } from './channel.ts';
export { Condition } from './condition.ts';
export { Event } from './event.ts';
export { Guard } from './guard.ts';
export { Interval, interval } from './interval.ts';
export type { IntervalOptions, MissedTicks } from './interval.ts';
export { LifoQueue } from './lifo-queue.ts';
export { Lock } from './lock.ts';
export { PriorityQueue } from './priority-queue.ts';
export type { PriorityQueueOptions } from './priority-queue.ts';
export { Queue } from './queue.ts';
export type { QueueOptions } from './queue.ts';
export { BoundedSemaphore, Semaphore } from './semaphore.ts';
export type { SemaphoreOptions } from './semaphore.ts';
export { Sender } from './sender.ts';
export { Watch, WatchReceiver } from './watch.ts';
export type { WatchOptions } from './watch.ts';
