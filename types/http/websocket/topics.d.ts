/** The topics of a server, and their subscribers. */
import type { SharedMessage } from './shared-message.ts';
/** Can be sent a message that is shared by all subscribers. */
export interface Subscriber {
}
export declare class Topics {
    #private;
    get size(): number;
    count(topic: string): number;
    add(topic: string, subscriber: Subscriber): void;
    delete(topic: string, subscriber: Subscriber): void;
    /** @returns how many subscribers it was sent to */
    publish(topic: string, message: SharedMessage, except: Subscriber | null): number;
}
