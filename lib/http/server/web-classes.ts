/**
 * What frameworks find in the place of WHATWG's global classes once they are used together with a
 * server: classes that know ours. Node's own are behind them, for all that is not usual.
 */
import { whenAsked } from '../message/stand-in.ts';
import { Request } from './request.ts';
import { webArguments } from './web-request.ts';
import { lighterResponse } from './web-response.ts';

/** Node's name of the module that has the classes; other runtimes have them from the start. */
const MODULE = 'NativeModule internal/deps/undici/undici';

/** Some server wants it so. */
let allowed = false;
let replaced = false;
/** How much of the list of modules was looked through. */
let seen = 0;

/** From now on they may be replaced. */
export function allowWebClasses(): void {
  if (allowed) return;
  allowed = true;
  replaceFetch();
  whenAsked(meetWebClasses);
  meetWebClasses();
  if (!replaced) replaceAtFirstUrl();
}

/**
 * Replaces the classes, once Node has loaded them: to load them takes tens of milliseconds, and
 * most servers need none.
 */
export function meetWebClasses(): void {
  if (replaced || !allowed) return;
  const { moduleLoadList: loaded } = process as { moduleLoadList?: string[] };
  if (loaded !== undefined && !loaded.includes(MODULE, seen)) seen = loaded.length;
  else replaceWebClasses();
}

/**
 * Whoever asks a request for its URL speaks WHATWG's: programs of ours ask for the path. It may be
 * about to make one of theirs of it, and whether the name `Request` is looked up cannot be heard of
 * (what Node defines it by is loaded by any other definition); so that is the time to load them.
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

/** `Response` by a lighter one, `Request` by one that takes requests of ours. */
function replaceWebClasses(): void {
  replaced = true;
  const { Request: NativeRequest, Response: NativeResponse } = globalThis;
  put('Request', requestOf(NativeRequest));
  // Bun's own is as light as can be.
  if (process.versions['bun'] === undefined) put('Response', lighterResponse(NativeResponse));
}

/** Also before the classes are loaded: Node's is a function that loads them when it is called. */
function replaceFetch(): void {
  const { fetch: nativeFetch } = globalThis;
  put('fetch', (input: unknown, init?: unknown) => nativeFetch(...webArguments(input, init)));
}

/** As Node puts them: they may be replaced, and are not listed. */
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
    // The count of arguments tells whether one was given.
    return Reflect.construct(Native, arguments.length === 0 ? [] : args, new.target as Function);
  };
  Object.setPrototypeOf(Request, Native);
  Object.defineProperty(Request, 'length', { value: 1 });
  Object.defineProperty(Request, 'prototype', { value: Native.prototype, writable: false });
  return Request;
}
