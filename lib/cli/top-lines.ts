/** The lines that `oxbow top` shows. */
import { histogramSince, makeHistogram } from '../core/observe/histogram.ts';
import type { DurationHistogram } from '../core/observe/histogram.ts';
import { metricsSince } from '../core/observe/metrics.ts';
import type { LoopMetrics } from '../core/observe/metrics.ts';
import type { LoopInfo, ProcessInfo, ThreadInfo } from '../monitor/server/protocol.ts';
import { loopHeading, processHeading, threadName, troubleLines } from './headings.ts';
import type { Screen } from './look-command.ts';
import { table } from './table.ts';
import { cutRight, drawable, duration, pad } from './text.ts';
import type { Style } from './text.ts';

const BAR = 24;

/** @param before - the previous frame; null: the figures are for the time since the start */
export function topLines(info: ProcessInfo, before: ProcessInfo | null, screen: Screen): string[] {
  const earlier =
    before === null || before.pid !== info.pid || before.uptime > info.uptime ? null : before;
  const since =
    earlier === null
      ? 'since the start'
      : `last ${duration(info.uptime - earlier.uptime, screen.style)}`;
  return [
    processHeading(info, screen),
    ...info.threads.flatMap((thread) => {
      const same = earlier?.threads.find((other) => other.thread === thread.thread);
      return threadLines(thread, same, { since, uptime: info.uptime }, screen);
    }),
  ];
}

/** The time span of the figures, in words; and the seconds since the process started. */
interface Span {
  readonly since: string;
  readonly uptime: number;
}

function threadLines(
  thread: ThreadInfo,
  before: ThreadInfo | undefined,
  { since, uptime }: Span,
  screen: Screen,
): string[] {
  const { style, width } = screen;
  const now = histogram(thread);
  const took = before === undefined ? now : histogramSince(now, histogram(before));
  const loops = thread.loops.flatMap((loop) => [
    '',
    loopHeading(loop, thread, screen),
    ...loopLines(
      loop,
      before?.loops.find(({ id }) => id === loop.id),
      uptime,
      screen,
    ),
  ]);
  return [
    ...troubleLines(thread, screen),
    ...loops,
    '',
    cutRight(`Durations (${threadName(thread)}, ${since})`, width, style),
    ...percentiles([['callbacks', took], ...lags(thread, before)], screen),
    ...slowestLines(thread, screen),
  ];
}

function histogram({ durations: { buckets, sum, max } }: ThreadInfo): DurationHistogram {
  return makeHistogram(buckets, sum, max);
}

function metricsOf(loop: LoopInfo, before: LoopInfo | undefined): LoopMetrics | null {
  const { metrics } = loop;
  if (metrics === null) return null;
  const earlier = before?.metrics ?? null;
  return earlier === null ? metrics : metricsSince(earlier, metrics);
}

function loopLines(
  loop: LoopInfo,
  before: LoopInfo | undefined,
  uptime: number,
  { width, style }: Screen,
): string[] {
  const now = metricsOf(loop, before);
  if (now === null) return [];
  const seconds = before?.metrics ? now.time : uptime;
  const busy = Math.min(1, Math.max(0, now.utilization));
  const full = Math.round(busy * BAR);
  const rate = (count: number): string => number(seconds > 0 ? count / seconds : 0);
  return [
    `  busy ${pad(`${(busy * 100).toFixed(1)} %`, 8, true)} ${style.full.repeat(full)}${style.empty.repeat(
      BAR - full,
    )}`,
    `  ${rate(now.turns)} turns/s   ${rate(now.events)} events/s   ${rate(
      now.callbacks,
    )} callbacks/s`,
    `  ${now.ready} ready   ${now.timers} timers   ${now.handles} handles   ${now.tasks} tasks`,
  ].map((line) => cutRight(line, width, style));
}

function lags(thread: ThreadInfo, before: ThreadInfo | undefined): [string, DurationHistogram][] {
  return thread.loops.flatMap((loop): [string, DurationHistogram][] => {
    const now = metricsOf(
      loop,
      before?.loops.find(({ id }) => id === loop.id),
    );
    if (now === null) return [];
    const of = thread.loops.length > 1 ? ` of loop ${loop.id}` : '';
    return [
      [`lateness of timers${of}`, now.lag],
      [`turns${of}`, now.turnDuration],
    ];
  });
}

function percentiles(
  rows: readonly (readonly [string, DurationHistogram])[],
  { width, style }: Screen,
): string[] {
  return table(
    [
      { title: '', least: 10 },
      ...['COUNT', 'P50', 'P90', 'P99', 'MAX'].map((title) => ({ title, least: 7, right: true })),
    ],
    rows.map(([name, { count, p50, p90, p99, max }]) => [
      `  ${name}`,
      number(count),
      ...[p50, p90, p99, max].map((seconds) => (count === 0 ? '-' : duration(seconds, style))),
    ]),
    width,
    style,
  );
}

function slowestLines({ slowest }: ThreadInfo, { width, style }: Screen): string[] {
  if (slowest.length === 0) return [];
  return [
    '',
    'Slowest callbacks of the last minute',
    ...slowest.map(({ what, seconds, secondsAgo }) =>
      cutRight(
        `  ${pad(duration(seconds, style), 8, true)}  ${pad(
          duration(secondsAgo, style),
          8,
          true,
        )} ago  ${name(what, style)}`,
        width,
        style,
      ),
    ),
  ];
}

function name(what: string, style: Style): string {
  return drawable(what, style) || '(no name)';
}

/** A count or a rate, short. */
function number(value: number): string {
  if (value >= 1e7) return `${(value / 1e6).toFixed(0)}M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(0)}k`;
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}
