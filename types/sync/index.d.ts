/** Synchronisation and queues. Contents page. */
export { Barrier } from './barrier.ts';
export type { BarrierOptions } from './barrier.ts';
export { Channel, Sender } from './channel.ts';
export type { ChannelOptions } from './channel.ts';
export { Condition } from './condition.ts';
export { Event } from './event.ts';
export { Guard } from './guard.ts';
export { LifoQueue } from './lifo-queue.ts';
export { Lock } from './lock.ts';
export { PriorityQueue } from './priority-queue.ts';
export type { PriorityQueueOptions } from './priority-queue.ts';
export { Queue } from './queue.ts';
export type { QueueOptions } from './queue.ts';
export { BoundedSemaphore, Semaphore } from './semaphore.ts';
export type { SemaphoreOptions } from './semaphore.ts';
