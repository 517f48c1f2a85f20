/** @returns whether it was done; else it is to be left to C++ */
export declare function runTicks(): boolean;
