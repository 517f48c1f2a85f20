// Every name of asyncio 3.14 is here under ours, or docs/coming-from-asyncio.md says what replaces
// it.
import { readFileSync } from 'node:fs';

import * as oxbow from 'oxbow';

import { ROOT } from '../support/root.ts';

/** `asyncio.__all__` of CPython 3.14 on Linux, without what begins with an underscore. */
const MODULE = `
  BaseEventLoop Server iscoroutinefunction iscoroutine AbstractEventLoop AbstractServer Handle
  TimerHandle get_event_loop_policy set_event_loop_policy get_event_loop set_event_loop
  new_event_loop get_running_loop BrokenBarrierError CancelledError InvalidStateError TimeoutError
  IncompleteReadError LimitOverrunError SendfileNotAvailableError Future wrap_future isfuture
  future_discard_from_awaited_by future_add_to_awaited_by capture_call_graph format_call_graph
  print_call_graph FrameCallGraphEntry FutureCallGraph Lock Event Condition Semaphore
  BoundedSemaphore Barrier BaseProtocol Protocol DatagramProtocol SubprocessProtocol
  BufferedProtocol Runner run Queue PriorityQueue LifoQueue QueueFull QueueEmpty QueueShutDown
  StreamReader StreamWriter StreamReaderProtocol open_connection start_server
  open_unix_connection start_unix_server create_subprocess_exec create_subprocess_shell TaskGroup
  to_thread Timeout timeout timeout_at BaseTransport ReadTransport WriteTransport Transport
  DatagramTransport SubprocessTransport Task create_task FIRST_COMPLETED FIRST_EXCEPTION
  ALL_COMPLETED wait wait_for as_completed sleep gather shield ensure_future
  run_coroutine_threadsafe all_tasks current_task create_eager_task_factory eager_task_factory
  SelectorEventLoop EventLoop`;

/** The methods of `asyncio.AbstractEventLoop`. */
const LOOP = `
  run_forever run_until_complete stop is_running is_closed close shutdown_asyncgens
  shutdown_default_executor call_soon call_later call_at time create_future create_task
  call_soon_threadsafe run_in_executor set_default_executor getaddrinfo getnameinfo
  create_connection create_server start_tls create_unix_connection create_unix_server
  connect_accepted_socket create_datagram_endpoint connect_read_pipe connect_write_pipe
  subprocess_shell subprocess_exec add_reader remove_reader add_writer remove_writer sock_recv
  sock_recv_into sock_recvfrom sock_recvfrom_into sock_sendall sock_sendto sock_connect
  sock_accept sock_sendfile sendfile add_signal_handler remove_signal_handler set_task_factory
  get_task_factory get_exception_handler set_exception_handler default_exception_handler
  call_exception_handler get_debug set_debug`;

/** What stands in asyncio's other classes. */
const CLASSES: Record<string, string> = {
  Task: `cancel cancelled done result exception add_done_callback remove_done_callback get_stack
    print_stack get_coro get_context get_name set_name cancelling uncancel get_loop`,
  Future: 'set_result set_exception get_loop',
  StreamReader: `feed_data feed_eof at_eof exception set_exception set_transport read readline
    readexactly readuntil`,
  StreamWriter: `write writelines write_eof can_write_eof close is_closing wait_closed
    get_extra_info drain start_tls transport`,
  Server: `close close_clients abort_clients get_loop is_serving start_serving serve_forever
    wait_closed sockets`,
  Transport: `is_closing close get_extra_info set_protocol get_protocol is_reading pause_reading
    resume_reading set_write_buffer_limits get_write_buffer_size get_write_buffer_limits write
    writelines write_eof can_write_eof abort`,
  Queue: `empty full get get_nowait join maxsize put put_nowait qsize task_done shutdown`,
  Lock: 'acquire locked release',
  Event: 'clear is_set set wait',
  Condition: 'acquire release locked wait wait_for notify notify_all',
  Semaphore: 'acquire locked release',
  Barrier: 'wait abort reset broken n_waiting',
  Timeout: 'when reschedule expired',
  TaskGroup: 'create_task cancel',
  Runner: 'run get_loop close',
  Handle: 'cancel cancelled get_context',
  TimerHandle: 'when cancel cancelled',
  ReadTransport: `is_closing close get_extra_info set_protocol get_protocol is_reading pause_reading
    resume_reading`,
  WriteTransport: `is_closing close get_extra_info set_protocol get_protocol abort write writelines
    write_eof can_write_eof set_write_buffer_limits get_write_buffer_size get_write_buffer_limits`,
  DatagramTransport: `is_closing close get_extra_info set_protocol get_protocol sendto abort
    set_write_buffer_limits get_write_buffer_size get_write_buffer_limits`,
  SubprocessTransport: `is_closing close get_extra_info set_protocol get_protocol get_pid
    get_returncode get_pipe_transport send_signal terminate kill`,
  Protocol: `connection_made connection_lost pause_writing resume_writing data_received
    eof_received`,
  BufferedProtocol: `connection_made connection_lost pause_writing resume_writing get_buffer
    buffer_updated eof_received`,
  DatagramProtocol: `connection_made connection_lost pause_writing resume_writing
    datagram_received error_received`,
  SubprocessProtocol: `connection_made connection_lost pipe_data_received pipe_connection_lost
    process_exited`,
  LimitOverrunError: 'consumed',
  Process: 'wait communicate send_signal terminate kill stdin stdout stderr pid returncode',
};

const PAGE = readFileSync(`${ROOT}/docs/coming-from-asyncio.md`, 'utf8');

const words = (text: string): string[] => text.trim().split(/\s+/);
const ours = (name: string): string =>
  /^[A-Z]/.test(name)
    ? name
    : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
/** Whether the page speaks of it, by itself or as a member (`loop.sendfile`, `Task.get_stack`). */
const documented = (name: string): boolean =>
  new RegExp(`\`([^\`]*[ .,(/])?${name}\\b[^\`]*\``).test(PAGE);

test("every name of asyncio's module is exported, or the page says what is there instead", () => {
  const missing = words(MODULE).filter((name) => !(ours(name) in oxbow) && !documented(name));
  expect(missing).toEqual([]);
});

test('so is every method of its loop', () => {
  const members = membersOf(oxbow.EventLoop);
  const missing = words(LOOP).filter((name) => !members.has(ours(name)) && !documented(name));
  expect(missing).toEqual([]);
});

test.each(Object.keys(CLASSES))('and what %s has', (name) => {
  const found = (oxbow as Record<string, unknown>)[name];
  if (found === undefined) {
    expect(documented(name)).toBe(true);
    return;
  }
  const members = membersOf(found as Function);
  const missing = words(CLASSES[name]!).filter(
    (member) => !members.has(ours(member)) && !documented(member),
  );
  expect(missing).toEqual([]);
});

test('the page has nothing left to say is missing when nothing is', () => {
  const named = words(LOOP).filter((name) => !membersOf(oxbow.EventLoop).has(ours(name)));
  expect(PAGE.includes('## Still missing') || named.length === 0).toBe(true);
});

function membersOf(type: Function): Set<string> {
  const members = new Set<string>();
  for (
    let at = type.prototype;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Object.getOwnPropertyNames(at)) members.add(name);
  }
  // What only an instance has: declared fields.
  const source = Function.prototype.toString.call(type);
  for (const [, name] of source.matchAll(/^ {2}(\w+)(?: = .*)?;$/gm)) members.add(name!);
  return members;
}
