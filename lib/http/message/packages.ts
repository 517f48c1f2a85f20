/** The packages that read and write what others have written readers and writers of. */
import { requirePackage } from '../../native/package-root.ts';

/** One of package.json's dependencies, loaded when it is first needed: most programs need none. */
export function loadPackage<T>(name: string): T {
  requirePackage(`the package ${name}`);
  const { createRequire } = process.getBuiltinModule('node:module');
  return createRequire(import.meta.url)(name) as T;
}
