/**
 * The methods that a loop of one's own writes, and those that only a loop on the native engine has.
 * Without them here, a call of one would end with "is not a function".
 */
import { NotImplementedError } from './errors.ts';
/** The error for a method that the class of `thing` has not written. */
export declare function notImplemented(thing: object, method: string, neededBy?: string): NotImplementedError;
/** Gives the prototype a method of each name that throws; EventLoop's own come over them. */
export declare function addUnwritten(prototype: object): void;
