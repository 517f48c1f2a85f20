/**
 * Replacements for WHATWG's global classes, which accept our objects, for programs that use such
 * classes beside a server. Whatever they do not handle themselves goes to Node's own classes.
 */
import { whenAsked } from '../message/stand-in.ts';
import { Request } from './request.ts';
import { webArguments } from './web-request.ts';
import { lighterResponse } from './web-response.ts';

/** Node's internal module with the classes; other runtimes have them from the start. */
const MODULE = 'NativeModule internal/deps/undici/undici';

/** Whether a server has allowed the replacement. */
let allowed = false;
let replaced = false;
/** How much of the list of loaded modules was searched. */
let seen = 0;

/** Allows the replacement, which happens when the classes are used. */
export function allowWebClasses(): void {
  if (allowed) return;
  allowed = true;
  replaceFetch();
  whenAsked(meetWebClasses);
  meetWebClasses();
  if (!replaced) replaceAtFirstUrl();
}

/**
 * Replaces the classes if Node has loaded them. They are not loaded for this: it takes tens of
 * milliseconds, and most servers need none of them.
 */
export function meetWebClasses(): void {
  if (replaced || !allowed) return;
  const { moduleLoadList: loaded } = process as { moduleLoadList?: string[] };
  if (loaded !== undefined && !loaded.includes(MODULE, seen)) seen = loaded.length;
  else replaceWebClasses();
}

/**
 * Replaces the classes when `request.url` is first read: a sign that a framework is in use, as our
 * own code reads the path. The framework may be about to make a `Request` from it, and the first
 * use of that global name cannot be observed: any definition of our own there would load what
 * Node's definition loads.
 */
function replaceAtFirstUrl(): void {
  const property = Object.getOwnPropertyDescriptor(Request.prototype, 'url')!;
  const get = function (this: Request): string {
    Object.defineProperty(Request.prototype, 'url', property);
    if (!replaced) replaceWebClasses();
    return this._url();
  };
  Object.defineProperty(Request.prototype, 'url', { ...property, get });
}

/** Replaces `Response` by a lighter class, and `Request` by one that accepts our requests. */
function replaceWebClasses(): void {
  replaced = true;
  const { Request: NativeRequest, Response: NativeResponse } = globalThis;
  put('Request', requestOf(NativeRequest));
  // Bun's own Response is already light.
  if (process.versions['bun'] === undefined) put('Response', lighterResponse(NativeResponse));
}

/**
 * Possible before the classes are loaded: Node's `fetch` is a function that loads them when it is
 * called.
 */
function replaceFetch(): void {
  const { fetch: nativeFetch } = globalThis;
  put('fetch', (input: unknown, init?: unknown) => nativeFetch(...webArguments(input, init)));
}

/** Defines a global as Node does: writable and configurable, and as enumerable as before. */
function put(name: 'Request' | 'Response' | 'fetch', value: unknown): void {
  const { enumerable = false } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {};
  const named = Object.defineProperty(value as Function, 'name', { value: name });
  Object.defineProperty(globalThis, name, {
    value: named,
    enumerable,
    writable: true,
    configurable: true,
  });
}

function requestOf(Native: typeof globalThis.Request): unknown {
  const Request = function (input: unknown, init: unknown): object {
    if (new.target === undefined) {
      throw new TypeError("Class constructor Request cannot be invoked without 'new'");
    }
    const args = webArguments(input, init);
    // Called without arguments, it must fail as Node's class does.
    return Reflect.construct(Native, arguments.length === 0 ? [] : args, new.target as Function);
  };
  Object.setPrototypeOf(Request, Native);
  Object.defineProperty(Request, 'length', { value: 1 });
  Object.defineProperty(Request, 'prototype', { value: Native.prototype, writable: false });
  return Request;
}
