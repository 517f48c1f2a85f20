import type { Waiter } from '../../core/future/waiters.ts';
import type { Runnable } from '../../native/rings.ts';
import { ReceivingSocket } from './receiving.ts';
export declare abstract class CallingSocket extends ReceivingSocket implements Waiter, Runnable {
    #private;
}
