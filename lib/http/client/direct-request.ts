import { current } from '../../core/context/running.ts';
import { CancelledError } from '../../core/errors/errors.ts';
import { PENDING } from '../../core/future/future.ts';
import { Task } from '../../core/task/task.ts';
import type { Coro } from '../../core/support/types.ts';
import type { Asker, ClientConnection } from './connection.ts';
import type { Dated, Deadlines } from './deadlines.ts';
import { ClientConnectionError, ServerTimeoutError } from './errors.ts';
import { IDEMPOTENT } from './idempotent.ts';
import type { SessionSettings } from './options.ts';
import { NO_OPTIONS } from './options.ts';
import type { OutgoingRequest } from './request.ts';
import { isRedirect } from './redirect.ts';
import { RequestLimits } from './request-limits.ts';
import type { ResponseHead } from './response-head.ts';
import { ClientResponse } from './response.ts';
import { isDead, keepCookies } from './sending.ts';
import type { Prepared, SessionCore } from './session-core.ts';

/**
 * A request on a connection that was idle, where only the response has to be waited for: a task
 * without a coroutine, one object from the call to the response, driven by the connection's events.
 * When more is needed (a redirect, or a connection that turned out to be dead), a task with a
 * coroutine takes over.
 */
export class DirectRequest extends Task<ClientResponse> implements Asker, Dated {
  declare readonly _core: SessionCore;
  declare _connection: ClientConnection;
  declare readonly _method: string;
  declare readonly _href: string;
  /** The list that holds its time limit; null when it has none or it is over. */
  declare _deadlines: Deadlines | null;
  declare _until: number;
  declare _sooner: Dated | null;
  declare _later: Dated | null;
  /** The URL as the caller gave it, if the request consists of nothing else. */
  declare _url: string;
  declare _prepared: Prepared | null;
  declare _reused: boolean;
  declare _response: ClientResponse | null;
  /** The task that took over. */
  declare _rest: Task<ClientResponse> | null;
  /** Whether it was cancelled. */
  declare _left: boolean;

  constructor(
    core: SessionCore,
    connection: ClientConnection,
    deadlines: Deadlines | null,
    method: string,
    href: string,
  ) {
    super(nothing, core.loop._plain);
    this._coroutine = null;
    this._core = core;
    this._connection = connection;
    this._method = method;
    this._href = href;
    this._deadlines = deadlines;
    this._until = 0;
    this._sooner = null;
    this._later = null;
    this._url = '';
    this._prepared = null;
    this._reused = connection.exchanges > 0;
    this._response = null;
    this._rest = null;
    this._left = false;
    deadlines?.add(this);
  }

  /** @internal Does nothing: sending the request starts it. */
  override _firstStep(): void {}

  /** Sends a request of which only the URL was given; `head` is already encoded. */
  _sendKnown(url: string, head: Uint8Array, { timeout }: SessionSettings): void {
    this._url = url;
    this._connection._askWith(this, this._method, head, timeout.sockRead);
  }

  /** Sends a prepared request. @param wire - the request with the fields for its route (proxy) */
  _send(prepared: Prepared, wire: OutgoingRequest): void {
    this._prepared = prepared;
    prepared.request._begin();
    let sent = false;
    try {
      this._connection._ask(this, wire, prepared.context.timeout.sockRead);
      sent = true;
    } finally {
      if (!sent) {
        this._unlimit();
        this._connection._abort(null);
      }
    }
  }

  override cancel(reason?: unknown): boolean {
    if (this._state !== PENDING) return false;
    this._noteRequest(reason);
    if (this._rest !== null) this._rest.cancel(reason);
    else if (!this._left) {
      this._left = true;
      this._unlimit();
      this._connection._abort(null);
      this._loop._enqueue(this);
    }
    return true;
  }

  _answered(head: ResponseHead): void {
    const { settings } = this._core;
    const { context } = this._prepared ?? NOTHING_SAID;
    this._response = new ClientResponse(
      this._connection,
      head,
      this._method,
      this._href,
      NO_HISTORY,
      context?.decompress ?? settings.autoDecompress,
      settings.maxDecoded,
    );
    // The body may be complete in this turn; otherwise the response is handed over without it.
    if (!head.complete) this._loop._enqueue(this);
  }

  _completed(): void {
    if (!this._left) this._run();
  }

  /** @internal */
  override _run(): void {
    if (this._state !== PENDING || this._rest !== null) return;
    if (this._left) this._ended(new CancelledError(this._makeExtras().reason));
    else if (this._response !== null) this._hand(this._response);
  }

  _unanswered(error: Error | null): void {
    if (this._state !== PENDING || this._left) return;
    const again = this._reused && IDEMPOTENT.has(this._method) && !this._core.pool.closed;
    if (again && error !== null && isDead(error)) this._goOn(null);
    else this._fails(error ?? new ClientConnectionError('connection closed'));
  }

  _expire(seconds: number): void {
    this._deadlines = null;
    const error = new ServerTimeoutError(`not done within ${seconds} s`);
    this._fails(error);
    this._connection._abort(error);
  }

  /** Gives the response to the caller, unless it is a redirect or an error to raise. */
  _hand(response: ClientResponse): void {
    const { settings } = this._core;
    const { jar } = settings;
    if (jar !== null && response.headers.has('set-cookie')) {
      keepCookies(jar, this._sent().request, response);
    }
    const { status } = response;
    if (status >= 300) {
      if (isRedirect(response) && this._sent().redirections.mode !== 'manual') {
        this._goOn(response);
        return;
      }
      if (status >= 400 && this._core.raises(this._prepared) === true) {
        this._raise(response);
        return;
      }
    }
    if (response._isThere) this._unlimit();
    else response._deliver(this._limits(), null);
    this._finish(response);
  }

  _raise(response: ClientResponse): void {
    try {
      response.raiseForStatus();
    } catch (error) {
      this._fails(error);
    }
  }

  /** The request in prepared form, made now if it was not needed before. */
  _sent(): Prepared {
    return (this._prepared ??= this._core.prepare(this._method, this._url, NO_OPTIONS, true));
  }

  /** Limits for the task that takes over, with the time that is left. */
  _limits(): RequestLimits {
    const limits = new RequestLimits(this._core.loop);
    limits._succeed(this._deadlines, this);
    this._deadlines = null;
    return limits;
  }

  /** A task continues. @param response - a redirect to follow; null to start again */
  _goOn(response: ClientResponse | null): void {
    const prepared = this._sent();
    prepared.context.limits = this._limits();
    if (response === null) prepared.context.retried = prepared.request;
    const { values } = current;
    current.values = this._values;
    const task = this._core.loop._startTask(this._core.run(prepared, response));
    current.values = values;
    this._rest = task;
    task.addDoneCallback(() => {
      if (this._state !== PENDING) return;
      try {
        this._finish(task.result());
      } catch (error) {
        this._ended(error);
      }
    });
  }

  /** Ends the task with the error, and the time limit. */
  _fails(error: unknown): void {
    this._unlimit();
    if (this._state === PENDING) this._ended(error);
  }

  _unlimit(): void {
    this._deadlines?.remove(this);
    this._deadlines = null;
  }
}

/** Passed to `Task` as its coroutine, which this task does not have. */
function* nothing(): Coro<ClientResponse> {
  return undefined as never;
}

const NO_HISTORY: readonly ClientResponse[] = Object.freeze([]);
const NOTHING_SAID: { context: null } = { context: null };
