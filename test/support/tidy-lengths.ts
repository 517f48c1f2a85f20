import type { Finding, SourceFile } from './tidy-files.ts';

/**
 * A formatter breaks code, and leaves comments as long as they are. How long files and functions
 * are is no rule: a limit that is enforced is met with overflow files.
 */
export const LINE_MAX = 100;

/** Lines of comments that are too long. */
export function checkCommentLengths(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, at) => {
      const { length } = [...line];
      return length <= LINE_MAX || !/^\s*(\/\/|\/?\*)/.test(line)
        ? []
        : [`${path}:${at + 1}: line is ${length} long; a line has at most ${LINE_MAX}`];
    }),
  );
}
