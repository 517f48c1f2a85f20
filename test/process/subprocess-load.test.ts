/** Many children at once, much output, and limits of the system. */
import { execFile, spawnSync } from 'node:child_process';

import {
  createSubprocessExec,
  createSubprocessShell,
  gather,
  getRunningLoop,
  type Coro,
  run,
  sleep,
  SubprocessProtocol,
  type SubprocessTransport,
} from 'oxbow';

import { runChild } from './core-child.ts';

const MEGABYTE = 1 << 20;

test('hundreds of children at once each get their own end and output', async () => {
  await run(function* () {
    const one = (n: number): (() => Coro<number>) =>
      function* () {
        const child = yield* createSubprocessShell(`echo ${n}; exit ${n % 256}`, {
          stdin: 'null',
          stdout: 'pipe',
        });
        const [stdout] = yield* child.communicate();
        expect(`${stdout}`).toBe(`${n}\n`);
        return child.returncode!;
      };
    for (let round = 0; round < 5; round++) {
      const numbers = Array.from({ length: 40 }, (_, index) => round * 40 + index);
      const codes = yield* gather(numbers.map((n) => getRunningLoop().createTask(one(n))));
      expect(codes).toEqual(numbers.map((n) => n % 256));
    }
  });
});

test('a child that floods both pipes while it is fed does not deadlock', async () => {
  await run(function* () {
    // It writes before it reads, much more than pipes hold.
    const script = `head -c ${20 * MEGABYTE} /dev/zero; head -c ${20 * MEGABYTE} /dev/zero >&2; cat; cat >&2`;
    const child = yield* createSubprocessShell(script, {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const input = Buffer.alloc(10 * MEGABYTE, 'x');
    const [stdout, stderr] = yield* child.communicate({ input, timeout: '60s' });
    expect(child.returncode).toBe(0);
    expect(stdout!.length).toBe(30 * MEGABYTE);
    expect(stdout!.subarray(20 * MEGABYTE).equals(input)).toBe(true);
    expect(stderr!.length).toBe(20 * MEGABYTE);
  });
});

test('a child that ends or closes its stdin before all is read is no error', async () => {
  await run(function* () {
    const input = Buffer.alloc(4 * MEGABYTE);
    for (const script of ['exit 5', 'exec <&-; echo closed; exit 5', 'head -c 10 >&2; exit 5']) {
      const child = yield* createSubprocessShell(script, {
        stdin: 'pipe',
        stdout: 'pipe',
        stderr: 'pipe',
      });
      yield* child.communicate(input);
      expect(child.returncode).toBe(5);
    }
    // Also where it is gone when the input comes.
    const gone = yield* createSubprocessExec('true', { stdin: 'pipe', stdout: 'pipe' });
    yield* gone.wait();
    expect(yield* gone.communicate('late')).toEqual([Buffer.alloc(0), null]);
  });
});

test('a reader that does not read slows the child down, with memory bounded', async () => {
  await run(function* () {
    const child = yield* createSubprocessShell('while :; do echo xxxxxxxxxxxxxxxxxxxxxxxx; done', {
      stdout: 'pipe',
      limit: 1024,
    });
    let transport: unknown = null;
    for (let turns = 0; turns < 50; turns++) {
      yield* sleep('1ms');
      transport = String(child.stdout);
    }
    expect(Number(/(\d+) bytes/.exec(`${transport}`)![1])).toBeLessThan(MEGABYTE);
    child.close();
    expect(yield* child.wait()).toBe(-9);
  });
});

test('communicate() can be given up at every moment, and nothing is lost', async () => {
  await run(function* () {
    const child = yield* createSubprocessShell('echo one; echo two >&2; cat; echo three', {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const loop = getRunningLoop();
    for (let turns = 0; turns < 6; turns++) {
      const controller = new AbortController();
      const talk = loop.createTask(function* () {
        // Without input, stdin would be closed at the first attempt.
        return yield* child.wait({ signal: controller.signal });
      });
      for (let n = 0; n < turns; n++) yield* sleep(0);
      controller.abort();
      yield* gather([talk], { returnExceptions: true });
    }
    const talks = [
      () => child.communicate('input ', { timeout: 0 }),
      () => child.communicate({ timeout: '1ms' }),
      () => child.communicate({ signal: AbortSignal.abort('no') }),
      () => {
        const talk = child.communicate();
        talk.cancel();
        return talk;
      },
    ];
    for (const start of talks) {
      const [outcome] = yield* gather([start()], { returnExceptions: true });
      // The last ones may find all of it there.
      if (Array.isArray(outcome)) return;
      expect(['TimeoutError', 'AbortError', 'CancelledError']).toContain((outcome as Error).name);
    }
    expect(() => child.communicate('again')).toThrow(/stdin was closed before/);
    const [stdout, stderr] = yield* child.communicate();
    expect(`${stdout}|${stderr}`).toBe('one\ninput three\n|two\n');
    expect(() => child.communicate(5 as never)).toThrow(/input must be a string/);
    expect(() => child.communicate('x', { input: 'y' })).toThrow(/input is given twice/);
    expect(() => child.communicate({ inptu: 'y' } as never)).toThrow(/did you mean 'input'/);
    const without = yield* createSubprocessExec('true');
    expect(() => without.communicate('x')).toThrow(/there is no stdin for the input/);
    expect(yield* without.communicate()).toEqual([null, null]);
  });
});

test('children of node:child_process beside ours are left alone, and ours by them', async () => {
  await run(async () => {
    const theirs: Array<Promise<unknown>> = [];
    const ours: Array<PromiseLike<number>> = [];
    for (let n = 0; n < 20; n++) {
      theirs.push(
        new Promise((resolve) => {
          execFile('sh', ['-c', `exit ${n + 1}`], (error) => resolve(error?.code));
        }),
      );
      const child = await createSubprocessShell(`exit ${n + 101}`);
      if (n % 5 === 0) expect(spawnSync('sh', ['-c', 'exit 3']).status).toBe(3);
      ours.push(child.wait());
    }
    expect(await Promise.all(theirs)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(await Promise.all(ours)).toEqual(Array.from({ length: 20 }, (_, n) => n + 101));
  });
});

test('timers go on while three hundred children come and go', async () => {
  await run(function* () {
    const loop = getRunningLoop();
    let ticks = 0;
    const tick = (): void => {
      ticks++;
      timer = loop.callLater('1ms', tick);
    };
    let timer = loop.callLater('1ms', tick);
    for (let n = 0; n < 300; n++) {
      const child = yield* createSubprocessExec('true', { stdin: 'null', stdout: 'null' });
      expect(yield* child.wait()).toBe(0);
    }
    timer.cancel();
    expect(ticks).toBeGreaterThan(10);
  });
});

test('where the system has no descriptors or processes left, nothing is lost', async () => {
  const ended = await runChild(
    `
    import { openSync, closeSync, readdirSync } from 'node:fs';
    import { createSubprocessExec, run, sleep } from 'oxbow';
    await run(function* () {
      yield* (yield* createSubprocessExec('true')).wait();
      const taken = [];
      try { for (;;) taken.push(openSync('/dev/null')); } catch {}
      const codes = new Set();
      // From none at all to as many as it takes: every call on the way fails once.
      for (let free = 0; ; free++) {
        const before = taken.length;
        try {
          const child = yield* createSubprocessExec('cat', { stdin: 'pipe', stdout: 'pipe', stderr: 'null' });
          const [out] = yield* child.communicate('x');
          codes.add(String(out) + child.returncode);
          for (const each of taken) closeSync(each);
          console.log([...codes].join(' '), free > 5, readdirSync('/dev/fd').length);
          break;
        } catch (error) {
          codes.add(error.code);
          if (error.code !== 'EMFILE') throw error;
          // What a failed start has left open would be missing here.
          let could = 0;
          const tried = [];
          try { for (;;) { tried.push(openSync('/dev/null')); could++; } } catch {}
          for (const each of tried) closeSync(each);
          if (could !== free) throw new Error(could + ' instead of ' + free);
          closeSync(taken.pop());
        }
      }
      const child = yield* createSubprocessExec('true');
      if ((yield* child.wait()) !== 0) throw new Error('not again');
    });`,
  );
  expect(ended.stderr).toBe('');
  expect(ended.stdout).toMatch(/^EMFILE x0 true \d+\n$/);
});

class Recorder extends SubprocessProtocol {
  readonly told: string[] = [];
  transport!: SubprocessTransport;

  override connectionMade(transport: SubprocessTransport): void {
    this.transport = transport;
    this.told.push('made');
  }

  override pipeDataReceived(fd: number, data: Buffer): void {
    this.told.push(`${fd}:${data}`);
  }

  override pipeConnectionLost(fd: number, error: unknown): void {
    this.told.push(`${fd} lost ${error}`);
  }

  override processExited(): void {
    this.told.push(`exited ${this.transport.getReturncode()}`);
  }

  override connectionLost(error: unknown): void {
    this.told.push(`lost ${error}`);
    this.end.setResult();
  }

  readonly end = getRunningLoop().createFuture<void>();
}

test('a protocol hears of a child from its beginning to its end', async () => {
  await run(function* () {
    const loop = getRunningLoop();
    const [transport, protocol] = yield* loop.subprocessShell(
      () => new Recorder(),
      'read line; echo "$line"; echo err >&2; exit 2',
    );
    expect(protocol.told).toEqual(['made']);
    expect(transport).toBe(protocol.transport);
    expect(transport.getPid()).toBe(transport.getExtraInfo('pid'));
    expect(transport.getReturncode()).toBeNull();
    expect(transport.getPipeTransport(0)).toBe(transport.getExtraInfo('stdin'));
    expect(transport.getPipeTransport(3)).toBeNull();
    expect(transport.getProtocol()).toBe(protocol);
    expect(transport.isClosing()).toBe(false);
    transport.getPipeTransport(0)!.write('hello\n');
    yield* protocol.end;
    expect([...protocol.told].sort()).toEqual([
      '0 lost null',
      '1 lost null',
      '1:hello\n',
      '2 lost null',
      '2:err\n',
      'exited 2',
      'lost null',
      'made',
    ]);
    expect(protocol.told[0]).toBe('made');
    expect(protocol.told.at(-1)).toBe('lost null');
    expect(protocol.told.indexOf('1:hello\n')).toBeLessThan(protocol.told.indexOf('1 lost null'));
    expect(transport.isClosing()).toBe(true);
    expect(transport.sendSignal('SIGTERM')).toBe(false);
    transport.close();
  });
});

test('close() of a transport kills the child and closes its pipes', async () => {
  await run(function* () {
    const loop = getRunningLoop();
    const [transport, protocol] = yield* loop.subprocessExec(() => new Recorder(), 'sleep', '100');
    transport.close();
    transport.close();
    expect(transport.isClosing()).toBe(true);
    yield* protocol.end;
    expect(transport.getReturncode()).toBe(-9);
    expect(protocol.told.filter((each) => each.includes('lost null')).length).toBe(4);
    // With options: no pipes.
    const [plain, second] = yield* loop.subprocessExec(() => new Recorder(), 'true', {
      stdin: 'null',
      stdout: 'inherit',
      stderr: 'null',
    });
    yield* second.end;
    expect(plain.getPipeTransport(1)).toBeNull();
    expect(second.told).toEqual(['made', 'exited 0', 'lost null']);
  });
});

test('what a protocol throws is told, and ends nobody else', async () => {
  await run(function* () {
    const loop = getRunningLoop();
    const told: string[] = [];
    loop.setExceptionHandler((_loop, { message, exception }) => {
      told.push(`${message}: ${(exception as Error).message}`);
    });
    class Careless extends Recorder {
      override pipeDataReceived(): void {
        throw new Error('data');
      }

      override processExited(): void {
        throw new Error('exit');
      }
    }
    const [, protocol] = yield* loop.subprocessShell(() => new Careless(), 'echo x');
    yield* protocol.end;
    expect(told.sort()).toEqual([
      'protocol.pipeDataReceived() failed: data',
      'protocol.processExited() failed: exit',
    ]);
    class Refusing extends Recorder {
      override connectionMade(transport: SubprocessTransport): void {
        super.connectionMade(transport);
        throw new Error('no');
      }
    }
    let made: Refusing | null = null;
    const refusing = loop.subprocessExec(() => (made = new Refusing()), 'sleep', '100');
    const [outcome] = yield* gather([refusing], { returnExceptions: true });
    expect((outcome as Error).message).toBe('no');
    yield* made!.end;
    expect(made!.transport.getReturncode()).toBe(-9);
    expect(() => loop.subprocessExec(5 as never, 'true')).toThrow(TypeError);
    const wrong = loop.subprocessExec((() => ({})) as never, 'true');
    const [second] = yield* gather([wrong], { returnExceptions: true });
    expect(second).toBeInstanceOf(TypeError);
  });
});
