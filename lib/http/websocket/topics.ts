/** The topics of a server, and their subscribers. */
import type { SharedMessage } from './shared-message.ts';

/** Can be sent a message that is shared by all subscribers. */
export interface Subscriber {
  _deliver(message: SharedMessage): boolean;
}

export class Topics {
  readonly #subscribers = new Map<string, Set<Subscriber>>();

  get size(): number {
    return this.#subscribers.size;
  }

  count(topic: string): number {
    return this.#subscribers.get(topic)?.size ?? 0;
  }

  add(topic: string, subscriber: Subscriber): void {
    const all = this.#subscribers.get(topic);
    if (all === undefined) this.#subscribers.set(topic, new Set([subscriber]));
    else all.add(subscriber);
  }

  delete(topic: string, subscriber: Subscriber): void {
    const all = this.#subscribers.get(topic);
    if (all?.delete(subscriber) === true && all.size === 0) this.#subscribers.delete(topic);
  }

  /** @returns how many subscribers it was sent to */
  publish(topic: string, message: SharedMessage, except: Subscriber | null): number {
    let count = 0;
    for (const subscriber of this.#subscribers.get(topic) ?? []) {
      if (subscriber !== except && subscriber._deliver(message)) count += 1;
    }
    return count;
  }
}
