import { SendingSocket } from './sending.ts';
export declare abstract class ClosingSocket extends SendingSocket {
    #private;
}
