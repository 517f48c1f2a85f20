/** A terminal's alternate screen: taken for a while, and given back whatever happens. */
export declare class FullScreen {
    #private;
    /** Aborts when the user has had enough. */
    readonly ended: AbortController;
    constructor();
    /** Shows lines, and again when the terminal changes its size. */
    show(draw: () => readonly string[]): void;
    /** Gives the screen back. */
    leave(): void;
}
