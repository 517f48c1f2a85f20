import { ClosingSocket } from './closing.ts';
import type { Beating } from './pulse.ts';
export declare abstract class LiveSocket extends ClosingSocket implements Beating {
    #private;
}
