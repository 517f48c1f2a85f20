/** The grammar of route paths, as types and at run time. */
/** The parameters of a path such as `/users/:id/files/*rest`, as passed to its handler. */
export type PathParams<Path extends string> = string extends Path ? Readonly<Record<string, string>> : {
    readonly [Name in ParamNames<Path>]: string;
};
type ParamNames<Path extends string> = Path extends `${infer Segment}/${infer Rest}` ? ParamName<Segment> | ParamNames<Rest> : ParamName<Path>;
type ParamName<Segment extends string> = Segment extends `:${infer Name}(${string}` ? Name : Segment extends `:${infer Name}` ? Name : Segment extends '*' ? '*' : Segment extends `*${infer Name}` ? Name : never;
/** A part of a path between slashes. */
export type Segment = {
    readonly kind: 'text';
    readonly text: string;
} | {
    readonly kind: 'param';
    readonly name: string;
    readonly regex: RegExp | null;
} | {
    readonly kind: 'rest';
    readonly name: string;
};
