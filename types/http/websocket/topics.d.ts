/** Topics of a server, and who has subscribed to them. */
import type { SharedMessage } from './shared-message.ts';
/** A subscriber that can be given one frame that all others get, too. */
export interface Subscriber {
}
export declare class Topics {
    #private;
    get size(): number;
    count(topic: string): number;
    add(topic: string, subscriber: Subscriber): void;
    delete(topic: string, subscriber: Subscriber): void;
    /** @returns how many were given it */
    publish(topic: string, message: SharedMessage, except: Subscriber | null): number;
}
