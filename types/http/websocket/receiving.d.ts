import { LiveSocket } from './liveness.ts';
export declare abstract class ReceivingSocket extends LiveSocket {
    #private;
}
