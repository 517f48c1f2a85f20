/**
 * The description of work for another thread or process: a function by its source text, or a
 * function of a module by URL and name. Functions themselves cannot be sent.
 */
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe } from '../../core/support/describe.ts';
import { checkOptions } from '../../core/support/options.ts';
import type { FunctionWork, ModuleWork } from './executor.ts';

/** The description of work that is sent. */
export interface WorkMessage {
  /** A name for error messages and stacks. */
  readonly label: string;
  /** The source text of a function. */
  readonly source?: string;
  readonly module?: string;
  /** The name of the module's export. */
  readonly name?: string;
}

export interface ThreadWork {
  readonly message: WorkMessage;
  readonly transfer: readonly unknown[];
}

const FUNCTION_WORK: readonly string[] = ['func', 'transfer', 'signal'];
const MODULE_WORK: readonly string[] = ['module', 'name', 'transfer', 'signal'];

const INSTEAD =
  'give an arrow function that needs nothing but its arguments, ' +
  'or { module, name } for a function of a module';

/** Converts work to its description. @throws TypeError for work that cannot be done in a thread */
export function threadWork(work: unknown): ThreadWork {
  if (typeof work === 'function') return { message: functionMessage(work), transfer: [] };
  if (typeof work !== 'object' || work === null) throw noWork(work);
  const { func, transfer } = work as Partial<FunctionWork>;
  const { module, name } = work as Partial<ModuleWork>;
  if ((func === undefined) === (module === undefined)) throw noWork(work);
  checkOptions('work for a thread', work, func === undefined ? MODULE_WORK : FUNCTION_WORK);
  const message =
    func === undefined
      ? moduleMessage(module, name)
      : typeof func === 'function'
        ? functionMessage(func)
        : undefined;
  if (message === undefined) throw new TypeError(`func: ${describe(func)} is no function`);
  return { message, transfer: checkTransfer(transfer) };
}

function noWork(work: unknown): TypeError {
  return new TypeError(`${describe(work)} cannot be done in a thread: ${INSTEAD}`);
}

function checkTransfer(transfer: unknown): readonly unknown[] {
  if (transfer === undefined) return [];
  if (Array.isArray(transfer)) return transfer;
  throw new TypeError(`transfer: ${describe(transfer)} is not an array`);
}

/** A cache: reading the source of a function is slow, and most are sent more than once. */
const messages = new WeakMap<Function, WorkMessage>();

function functionMessage(func: Function): WorkMessage {
  let message = messages.get(func);
  if (message === undefined) {
    const { name } = func as { name: unknown };
    // The name may have been redefined as any value, perhaps one that cannot be sent.
    const label = typeof name === 'string' && name !== '' ? name : '<anonymous>';
    message = { label, source: sourceOf(func, label) };
    messages.set(func, message);
  }
  return message;
}

function sourceOf(func: Function, label: string): string {
  const source = Function.prototype.toString.call(func);
  const refuse = (what: string): never => {
    throw new TypeError(`${label} cannot be sent to a thread: ${what}; ${INSTEAD}`);
  };
  const tag = String((func as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]);
  if (tag.endsWith('GeneratorFunction')) {
    refuse(
      'a generator function is a coroutine, which a loop drives (createTask); ' +
        'a thread calls plain and async functions',
    );
  }
  if (/^class\b/.test(source)) refuse('it is a class');
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) {
    refuse('it is bound, or written in C++, and has no source text');
  }
  if (!compiles(source)) refuse('it is a method, whose source text does not stand by itself');
  return source;
}

function compiles(source: string): boolean {
  const { Script } = process.getBuiltinModule('node:vm');
  try {
    new Script(`"use strict";(${source})`);
    return true;
  } catch {
    return false;
  }
}

function moduleMessage(module: unknown, name: unknown = 'default'): WorkMessage {
  if (typeof name !== 'string') throw new TypeError(`name: ${describe(name)} is not a string`);
  const url = moduleUrl(module);
  return { label: `${name} of ${url}`, module: url, name };
}

function moduleUrl(module: unknown): string {
  if (module instanceof URL) return module.href;
  if (typeof module !== 'string' || module === '') {
    throw new TypeError(`module: ${describe(module)} is neither a URL nor a path`);
  }
  const { isBuiltin } = process.getBuiltinModule('node:module');
  if (isBuiltin(module)) return module.startsWith('node:') ? module : `node:${module}`;
  if (isAbsolute(module)) return pathToFileURL(module).href;
  if (/^\.\.?[\\/]/.test(module)) return pathToFileURL(resolve(module)).href;
  if (URL.canParse(module)) return module;
  throw new TypeError(
    `module: ${describe(module)} is neither a URL nor a path that begins with ` +
      "'./'; import.meta.resolve() makes a URL of a package's name",
  );
}
