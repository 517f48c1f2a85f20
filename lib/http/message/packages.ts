/** Loading the packages that this one depends on. */
import { requirePackage } from '../../native/package-root.ts';

/**
 * Loads a dependency of package.json. Called on first use: most programs need none. @throws when
 * the package cannot be loaded
 */
export function loadPackage<T>(name: string): T {
  requirePackage(`the package ${name}`);
  const { createRequire } = process.getBuiltinModule('node:module');
  return createRequire(import.meta.url)(name) as T;
}
