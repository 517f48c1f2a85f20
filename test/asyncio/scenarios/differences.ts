// Where Oxbow does not do what CPython 3.13 does, and means it. `lines` are pairs: what was
// recorded, and what Oxbow logs in its place (nothing, when it is empty).

export interface Difference {
  why: string;
  lines: [recorded: string, ours: string][];
}

const REASON_KEPT =
  'the reason of a cancel reaches everyone who asks, not only the first; CPython ' +
  'loses it with the first CancelledError';
const GATHER_CANCELLED =
  'a gather that is cancelled waits for all its children and then ends ' +
  "cancelled; CPython fails with the first child's CancelledError and leaves the others";

/** A group that throws errors in place of a cancel from outside asks for that cancel again. */
const REARMED = (time: number): Difference => ({
  why: REASON_KEPT,
  lines: [
    [`${time} t: sleep ! Cancelled`, `${time} t: sleep ! Cancelled(m)`],
    [`${time} main: await t ! Cancelled`, `${time} main: await t ! Cancelled(m)`],
    [`${time} main: caught Cancelled`, `${time} main: caught Cancelled(m)`],
  ],
});
const NOT_READY: Difference = {
  why: 'CPython says "not ready" in Python and "not set" in C; this is the one of its sources',
  lines: [
    [
      '0 main: result ! InvalidStateError: Result is not set.',
      '0 main: result ! InvalidStateError: Result is not ready.',
    ],
  ],
};

export const DIFFERENCES: Record<string, Difference> = {
  'two waiters of a task, one cancelled': {
    why: REASON_KEPT,
    lines: [['1 c: await a ! Cancelled', '1 c: await a ! Cancelled(m)']],
  },
  'the message of a cancelled task to two awaiters': {
    why: REASON_KEPT,
    lines: [
      ['1 main: await t ! Cancelled', '1 main: await t ! Cancelled(why)'],
      ['1 main: caught Cancelled', '1 main: caught Cancelled(why)'],
    ],
  },
  'result of a cancelled task twice': {
    why: REASON_KEPT,
    lines: [
      ['2 main: result t ! Cancelled', '2 main: result t ! Cancelled(why)'],
      ['2 main: exception t ! Cancelled', '2 main: exception t ! Cancelled(why)'],
    ],
  },
  'gather returns a cancelled child as an error': {
    why: REASON_KEPT,
    lines: [['2 main: await g = [Cancelled, v]', '2 main: await g = [Cancelled(m), v]']],
  },
  'cancel of gather when all swallow': {
    why: REASON_KEPT,
    lines: [
      ['1 main: await g ! Cancelled', '1 main: await g ! Cancelled(m)'],
      ['1 main: caught Cancelled', '1 main: caught Cancelled(m)'],
    ],
  },
  'cancel of gather when all swallow with returned exceptions': {
    why: REASON_KEPT,
    lines: [
      ['1 main: await g ! Cancelled', '1 main: await g ! Cancelled(m)'],
      ['1 main: caught Cancelled', '1 main: caught Cancelled(m)'],
    ],
  },
  'cancel of gather when one raises, exceptions returned': {
    why: REASON_KEPT,
    lines: [
      ['1 main: await g ! Cancelled', '1 main: await g ! Cancelled(m)'],
      ['1 main: caught Cancelled', '1 main: caught Cancelled(m)'],
    ],
  },
  'cancel of gather cancels all': {
    why: GATHER_CANCELLED,
    lines: [['2 main: state g raised Cancelled(m)', '2 main: state g cancelled']],
  },
  'cancel of gather with returned exceptions still raises': {
    why: GATHER_CANCELLED,
    lines: [['1 main: state g raised Cancelled(m)', '1 main: state g cancelled']],
  },
  'cancel of gather waits for the clean-up of all': {
    why: GATHER_CANCELLED,
    lines: [
      ['1 t: await g ! Cancelled(m)', ''],
      ['2 main: state t cancelled cancelling 1', '2 main: state t pending cancelling 1'],
      ['', '4 t: await g ! Cancelled(m)'],
    ],
  },
  'cancel of gather when one raises another error': {
    why: GATHER_CANCELLED,
    lines: [
      ['1 main: await g ! Boom(x)', '1 main: await g ! Cancelled(m)'],
      ['1 main: caught Boom(x)', '1 main: caught Cancelled(m)'],
    ],
  },
  'an error after the shield was cancelled is reported': {
    why: 'as CPython 3.14 does; 3.13 is silent',
    lines: [['', '2 handler: Task exception Boom(x)']],
  },
  'error and cancel': REARMED(1),
  'an outside cancel after a child failed': REARMED(4),
  'an outside cancel in the turn in which a child fails': REARMED(1),
  'nested groups, both cancelled and errors in both': REARMED(1),
  'a child cancels the parent and fails': REARMED(1),
  'an error in a done callback': {
    why: 'a done callback has no handle of its own here; the future it belongs to says more',
    lines: [
      [
        '0 handler: Exception in callback [exception handle] Boom(x)',
        '0 handler: Exception in callback [exception future] Boom(x)',
      ],
    ],
  },
  'messages of a future': NOT_READY,
  'messages of a task': NOT_READY,
};

const ENDS_CANCELLED: Difference = {
  why: GATHER_CANCELLED,
  lines: [['2 main: state h raised Cancelled(m)', '2 main: state h cancelled']],
};
const ASKED_AGAIN: Difference = {
  why: REASON_KEPT,
  lines: [['1 t: sleep ! Cancelled', '1 t: sleep ! Cancelled(m)']],
};

/** Of the races: at which moments of the cancel. */
export const RACES_DIFFERENCES: Record<string, Difference> = Object.fromEntries([
  ...[-3, -2, -1, 0].flatMap((at) =>
    ['gather', 'gather of one', 'a failing gather'].map(
      (name) => [`${name}, cancel at ${at}`, ENDS_CANCELLED] as const,
    ),
  ),
  ...[-3, -2, -1, 0, 1, 2].map(
    (at) => [`gather of tasks, cancel at ${at}`, ENDS_CANCELLED] as const,
  ),
  ['gather of tasks, cancel right after', ENDS_CANCELLED],
  ...['at 1', 'at 3', 'right after'].map(
    (at) => [`a caught group, cancel ${at}`, ASKED_AGAIN] as const,
  ),
]);

const BARRIER_COUNTS =
  'who is cancelled is not counted from that moment on; CPython counts it ' +
  'until it goes on, and may open the barrier for one too few';

/** Races that end in another way. */
export const OTHER_RACES: Record<string, string> = {
  'a barrier, cancel at 1': BARRIER_COUNTS,
  'a barrier, cancel right after': BARRIER_COUNTS,
};

/** Generated scenarios that meet one of these on their way, after which all is different. */
export const GENERATED_DIFFERENCES: Record<string, string> = {
  'seed 112': GATHER_CANCELLED,
};

const OWN_TASK =
  'in the async lane the body of a timeout is a task of its own: it is told of its ' +
  'end a turn later, and is itself what currentTask() gives';

/** What V8 does not let the async lane do. */
export const ASYNC_DIFFERENCES: Record<string, Difference> = {
  'stop in the turn in which main ends': {
    why: 'the end of an async function is known a microtask later, after the stop',
    lines: [
      ['0 run: returned v', '0 run: raised RuntimeError'],
      ['', '0 main: sleep ! Cancelled'],
    ],
  },
  'a cancel seen by a child while the group ends by an error': {
    why: OWN_TASK,
    lines: [
      ['2 b: cancelling main = 1', '2 b: cancelling main = 0'],
      ['2 b: state main pending cancelling 1', '2 b: state main pending cancelling 0'],
    ],
  },
  'an outside cancel after a child failed': {
    why: OWN_TASK,
    lines: [
      ['2 main: cancelling t = 1', '2 main: cancelling t = 0'],
      ['2 main: cancelling t = 2', '2 main: cancelling t = 1'],
    ],
  },
};

const ENDS_LATER =
  'an async function ends a microtask later than a generator, so that a task of ' +
  'one is never done when createTask() returns';
const MICROTASKS = "between two turns the order is that of V8's microtasks";

/** Scenarios that the async lane plays differently from some line on, and why. */
export const NOT_IN_ASYNC_LANE: Record<string, string> = {
  'a group in the clean-up of a cancelled task': REASON_KEPT,
  'the body fails': OWN_TASK,
  'the body raises CancelledError itself': OWN_TASK,
  'body and child fail in the same turn': OWN_TASK,
  'a group that never waits swallows no cancel': OWN_TASK,
  'a group fails when the timeout expires': OWN_TASK,
  'a timeout in a group and a failing child in the same turn': OWN_TASK,
  'an outside cancel a turn after a child failed': OWN_TASK,
  'abort by one that gives up': OWN_TASK,
  'eager tasks and a lock': OWN_TASK,
  'the turn in which wait for the first goes on': MICROTASKS,
  'a notified waiter is cancelled a turn after the release': MICROTASKS,
  'sync seed 33': OWN_TASK,
  'sync seed 139': OWN_TASK,
  'sync seed 159': OWN_TASK,
  'timeout that is swallowed, cancel at -1': OWN_TASK,
  'timeout that is swallowed, cancel at 0': OWN_TASK,
  'timeout that is swallowed, cancel at 3': OWN_TASK,
  'both of two timeouts, cancel at -3': OWN_TASK,
  'both of two timeouts, cancel at -2': OWN_TASK,
  'a failing child while the body runs, cancel at -1': OWN_TASK,
  'nested groups, cancel at -1': OWN_TASK,
  'get in a timeout, cancel at 2': OWN_TASK,
  'get in a timeout, cancel at 3': OWN_TASK,
  'an eager task that ends at once': ENDS_LATER,
  'an eager task that fails at once': ENDS_LATER,
  'an eager task that is cancelled at once': ENDS_LATER,
  'an eager task waits': ENDS_LATER,
  'cancel of an eager task that has ended': ENDS_LATER,
  'an eager task cancels itself': ENDS_LATER,
  'the eager factory': ENDS_LATER,
  'the eager factory and gather': ENDS_LATER,
  'the eager factory and a failing gather': ENDS_LATER,
  'the eager factory and waitFor of nothing': ENDS_LATER,
  'an eager task in a callback': ENDS_LATER,
  'an eager task awaits a done future': ENDS_LATER,
};
