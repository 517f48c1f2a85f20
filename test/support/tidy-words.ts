import { blankOut } from './tidy-blank.ts';
import { lineAt } from './tidy-files.ts';
import type { Finding, SourceFile } from './tidy-files.ts';

/** A word that must not be there, and what to do instead. */
export interface BannedWord {
  readonly word: RegExp;
  /** Paths that the rule is about. */
  readonly where: RegExp;
  readonly except?: RegExp;
  /** Comments count too; without it only code does. */
  readonly inComments?: boolean;
  readonly instead: string;
}

const CODE = /\.(ts|mjs|js|cc|h)$/;

export const BANNED_WORDS: readonly BannedWord[] = [
  {
    word: /\b(TODO|FIXME|XXX)\b/g,
    where: /./,
    except: /^test\/(support\/tidy-|tidy\.test)/,
    inComments: true,
    instead: 'do it now, or open an issue',
  },
  {
    word: /\b(clock_gettime|gettimeofday|steady_clock|system_clock)\b/g,
    where: /^native\/.*\.(cc|h)$/,
    except: /^native\/base\/clock/,
    instead: 'take the time from a Clock (native/base/clock.h)',
  },
  {
    word: /\b(__linux__|__APPLE__|__FreeBSD__|SOCK_NONBLOCK|SOCK_CLOEXEC|MSG_NOSIGNAL|accept4)\b/g,
    where: /^native\/.*\.(cc|h)$/,
    except: /^native\/os\//,
    instead: 'give it a function in native/os, the only room that knows how platforms spell things',
  },
  {
    word: /\btime_is_virtual\b/g,
    where: /^native\//,
    instead: 'ask the driver or its clock for what must be known; no kind of time is special',
  },
  {
    word: /\berrno(Error\(|: |Of\()-\d/g,
    where: /^lib\//,
    // getaddrinfo's are libuv's, the same everywhere.
    except: /^lib\/(.*\/)?resolver\.ts$/,
    instead: 'name the error: the numbers differ from platform to platform',
  },
  {
    word: /\b(Date\.now|performance\.now|process\.hrtime)\b/g,
    where: /^lib\//,
    except: /^lib\/(.*[/-])?clock\.ts$/,
    instead: 'take the time from loop.time()',
  },
  {
    word: /\bsetTimeout\b|\bsetInterval\b/g,
    where: /^lib\//,
    // The monitor's own thread and the command line have no loop, a trace writes also while its
    // loops sleep, and sockets of Node's have a method of this name.
    except:
      /^lib\/(monitor\/(server\/server-|trace\/trace-timer)|cli\/|(http\/)?node\/(to-node-stream|node-socket))/,
    instead: 'use loop.callLater()',
  },
  {
    word: /\bconsole\.(log|debug|info|warn|error)\b/g,
    where: /^lib\//,
    except: /^lib\/cli\//,
    instead: 'report through loop.callExceptionHandler() or process.emitWarning()',
  },
  {
    word: /\bMath\.random\b/g,
    where: /^(lib|test)\//,
    instead: 'take a seeded generator, and print its seed',
  },
  {
    word: /\b(std::cout|printf)\b/g,
    where: /^native\//,
    instead: 'the core does not print; complete with an errno',
  },
  {
    word: /\bTo(Boolean|Number|String|Object)\s*\(/g,
    where: /^native\/addon\//,
    instead: 'look at the type; what may run JavaScript fails in a worker that ends (arguments.h)',
  },
  {
    word: /\bassert\s*\(/g,
    where: /^native\/.*\.(cc|h)$/,
    instead: 'assert() goes away with NDEBUG; use the macro of native/base/assert.h',
  },
  {
    word: /\b(test|it|describe)\.(only|skip)\b/g,
    where: /^test\/.*\.ts$/,
    except: /^test\/support\/needs\.ts$/,
    instead: 'run every test, delete it, or say what it needs (test/support/needs.ts)',
  },
];

/** Banned words in files, each with its replacement. */
export function checkWords(
  files: readonly SourceFile[],
  words: readonly BannedWord[] = BANNED_WORDS,
): Finding[] {
  return files
    .filter(({ path }) => CODE.test(path))
    .flatMap((file) => {
      const code = blankOut(file.text, /\.(cc|h)$/.test(file.path) ? 'cc' : 'ts');
      return words
        .filter((row) => row.where.test(file.path) && !row.except?.test(file.path))
        .flatMap((row) =>
          [...(row.inComments ? file.text : code).matchAll(row.word)].map(
            (match) =>
              `${file.path}:${lineAt(file.text, match.index)}: "${match[0]}" is banned; ${row.instead}`,
          ),
        );
    });
}
