// Where Oxbow does not do what CPython 3.13 does, and means it. `lines` are pairs: what was
// recorded, and what Oxbow logs in its place (nothing, when it is empty).

export interface Difference {
  why: string;
  lines: [recorded: string, ours: string][];
}

const REASON_KEPT = 'the reason of a cancel reaches everyone who asks, not only the first; CPython '
  + 'loses it with the first CancelledError';
const GATHER_CANCELLED = 'a gather that is cancelled waits for all its children and then ends '
  + 'cancelled; CPython fails with the first child\'s CancelledError and leaves the others';

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
  'cancel of a shield when the inner is done in this turn': {
    why: 'a shield is done together with what it shields, not a turn later',
    lines: [
      ['0 main: cancel s = True', '0 main: cancel s = False'],
      ['1 main: state s cancelled', '1 main: state s result v'],
    ],
  },
};

/** Generated scenarios that meet one of these on their way, after which all is different. */
export const GENERATED_DIFFERENCES: Record<string, string> = {
  'seed 112': GATHER_CANCELLED,
};

const OWN_TASK = 'in the async lane the body of a timeout is a task of its own: it is told of its '
  + 'end a turn later, and is itself what currentTask() gives';

/** What V8 does not let the async lane do. */
export const ASYNC_DIFFERENCES: Record<string, Difference> = {
  'timeout 0 without a wait': {
    why: OWN_TASK,
    lines: [
      ['0 main: expired s = False', ''],
      ['0 run: returned None', '0 run: raised TimeoutError'],
    ],
  },
  'nested, both expire at 0': {
    why: OWN_TASK,
    lines: [
      ['0 main: sleep ! Cancelled', ''],
      ['0 main: expired inner = True', ''],
      ['0 main: caught TimeoutError', '0 main: caught Boom(no inner)'],
    ],
  },
  'stop in the turn in which main ends': {
    why: 'the end of an async function is known a microtask later, after the stop',
    lines: [['0 run: returned v', '0 run: raised RuntimeError'], ['', '0 main: sleep ! Cancelled']],
  },
};
