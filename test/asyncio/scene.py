"""A scenario running on asyncio: what each statement does, and what it logs."""
import asyncio
import sys

from scene_group import GroupOps
from scene_sync import SyncOps
from scene_text import make_error, matches, seconds, show, show_error, value_of, Boom


class Raw:
    """Yields to the task what no await would."""

    def __init__(self, value):
        self.value = value

    def __await__(self):
        yield self.value


class Scene(GroupOps, SyncOps):
    def __init__(self, loop):
        self.loop = loop
        self.env = {}
        self.callbacks = {}
        self.lines = []

    def log(self, who, text):
        self.lines.append(f'{round(self.loop.time(), 6):.12g} {who}: {text}')

    def get(self, name):
        if name != 'me' and name not in self.env:
            raise Boom(f'no {name}')
        return asyncio.current_task() if name == 'me' else self.env[name]

    # What needs no await, so that callbacks can do it too.

    def sync_block(self, who, block):
        for op, args, body, *_ in block:
            getattr(self, 'do_' + op)(who, args, body)

    def attempt(self, who, text, body):
        try:
            result = body()
        except BaseException as error:
            self.log(who, f'{text} ! {show_error(error)}')
        else:
            if result is not self:
                self.log(who, f'{text} = {show(result)}')

    def do_log(self, who, args, _):
        self.log(who, ' '.join(args))

    def do_future(self, _, args, __):
        self.env[args[0]] = self.loop.create_future()

    def do_set(self, who, args, _):
        future = self.get(args[0])
        self.attempt(who, f'set {args[0]}', lambda: future.set_result(args[1]) or self)

    def do_fail(self, who, args, _):
        future = self.get(args[0])
        error = Boom if args[1] == 'class' else make_error(args[1:])
        self.attempt(who, f'fail {args[0]}', lambda: future.set_exception(error) or self)

    def do_cancel(self, who, args, _):
        target = self.get(args[0])
        self.log(who, f'cancel {args[0]} = {target.cancel(*args[1:])}')

    def do_task(self, who, args, body):
        name = args[0]
        self.env[name] = self.loop.create_task(self.run(name, body), name=name)

    def do_coro(self, _, args, body):
        self.env[args[0]] = self.run(args[0], body)

    def do_ensure(self, who, args, _):
        source = self.get(args[1])
        self.env[args[0]] = asyncio.ensure_future(source)
        self.log(who, f'ensure {args[0]} same = {self.env[args[0]] is source}')

    def do_gather(self, _, args, __):
        self.env[args[0]] = asyncio.gather(*map(self.get, args[1:]))

    def do_gatherx(self, _, args, __):
        self.env[args[0]] = asyncio.gather(*map(self.get, args[1:]), return_exceptions=True)

    def do_shield(self, who, args, _):
        inner = self.get(args[1])
        self.env[args[0]] = asyncio.shield(inner)
        self.log(who, f'shield {args[0]} same = {self.env[args[0]] is inner}')

    def do_reschedule(self, who, args, _):
        when = None if args[1] == 'none' else self.loop.time() + float(args[1])
        self.attempt(who, f'reschedule {args[0]}', lambda: self.get(args[0]).reschedule(when))

    def do_expired(self, who, args, _):
        self.log(who, f'expired {args[0]} = {self.get(args[0]).expired()}')

    def do_when(self, who, args, _):
        when = self.get(args[0]).when()
        self.log(who, f'when {args[0]} = ' + ('None' if when is None else f'{when:.12g}'))

    def callback(self, name, body):
        return lambda: self.sync_block(name, body) if body else self.log(name, 'ran')

    def do_soon(self, _, args, body):
        self.env[args[0]] = self.loop.call_soon(self.callback(args[0], body))

    def do_later(self, _, args, body):
        callback = self.callback(args[0], body)
        self.env[args[0]] = self.loop.call_later(float(args[1]), callback)

    def do_at(self, _, args, body):
        self.env[args[0]] = self.loop.call_at(float(args[1]), self.callback(args[0], body))

    def do_drop(self, _, args, __):
        self.get(args[0]).cancel()

    def do_dropped(self, who, args, _):
        self.log(who, f'dropped {args[0]} = {self.get(args[0]).cancelled()}')

    def do_ondone(self, _, args, body):
        name = args[1]

        def callback(future):
            self.log(name, 'done ' + ('cancelled' if future.cancelled() else 'settled'))
            self.sync_block(name, body)
        callback = self.callbacks.setdefault(name, callback)
        self.get(args[0]).add_done_callback(callback)

    def do_offdone(self, who, args, _):
        count = self.get(args[0]).remove_done_callback(self.callbacks[args[1]])
        self.log(who, f'offdone {args[1]} = {count}')

    def do_state(self, who, args, _):
        future = self.get(args[0])
        if not future.done():
            text = 'pending'
        elif future.cancelled():
            text = 'cancelled'
        elif future.exception() is not None:
            text = f'raised {show_error(future.exception())}'
        else:
            text = f'result {show(future.result())}'
        if isinstance(future, asyncio.Task):
            text += f' cancelling {future.cancelling()}'
        self.log(who, f'state {args[0]} {text}')

    def do_result(self, who, args, _):
        self.attempt(who, f'result {args[0]}', self.get(args[0]).result)

    def do_exception(self, who, args, _):
        self.attempt(who, f'exception {args[0]}', self.get(args[0]).exception)

    def do_cancelling(self, who, args, _):
        self.log(who, f'cancelling {args[0]} = {self.get(args[0]).cancelling()}')

    def do_uncancel(self, who, args, _):
        self.log(who, f'uncancel {args[0]} = {self.get(args[0]).uncancel()}')

    def do_current(self, who, _, __):
        task = asyncio.current_task()
        self.log(who, f'current = {task and task.get_name()}')

    def do_all(self, who, _, __):
        names = sorted(task.get_name() for task in asyncio.all_tasks())
        self.log(who, f'all = {" ".join(names)}')

    def do_rename(self, who, args, _):
        self.get(args[0]).set_name(args[1])
        self.log(who, f'name = {self.get(args[0]).get_name()}')

    def do_settask(self, who, args, _):
        self.attempt(who, 'settask', lambda: self.get(args[0]).set_result(1))
        self.attempt(who, 'failtask', lambda: self.get(args[0]).set_exception(Boom()))

    def do_raise(self, _, args, __):
        raise make_error(args)

    def do_stop(self, _, __, ___):
        self.loop.stop()

    def do_close(self, who, _, __):
        self.attempt(who, 'close', self.loop.close)

    def do_handler(self, _, args, __):
        def handler(_, context):
            if 'never retrieved' in context['message']:
                return
            first = ' '.join(context['message'].split()[:2])
            self.log('handler', f'{first} {show_error(context["exception"])}')
            if args:
                raise make_error(args)
        self.loop.set_exception_handler(handler)

    # What awaits.

    async def main(self, who, block):
        asyncio.current_task().set_name(who)
        self.env[who] = asyncio.current_task()
        return await self.run(who, block)

    async def run(self, who, block):
        done = await self.block(who, block)
        return done[0] if done else None

    async def block(self, who, block):
        for op, args, body, *clauses in block:
            wait = getattr(self, 'wait_' + op, None)
            if wait is None:
                getattr(self, 'do_' + op)(who, args, body)
            else:
                done = await wait(who, args, body, *clauses)
                if done is not None:
                    return done
        return None

    async def watched(self, who, text, awaitable, silent=False):
        try:
            result = await awaitable
        except BaseException as error:
            if not isinstance(error, GeneratorExit):
                self.log(who, f'{text} ! {show_error(error)}')
            raise
        if not silent:
            self.log(who, f'{text} = {show(result)}')

    async def wait_await(self, who, args, _):
        await self.watched(who, f'await {args[0]}', self.get(args[0]))

    async def wait_sleep(self, who, args, _):
        sleep = asyncio.sleep(float(args[0]), *args[1:])
        await self.watched(who, 'sleep', sleep, len(args) == 1)

    async def wait_turn(self, who, _, __):
        await self.watched(who, 'turn', Raw(None), True)

    async def wait_bad(self, who, args, _):
        value = 42 if args[0] == 'value' else self.get(args[0])
        await self.watched(who, f'bad {args[0]}', Raw(value))

    async def wait_waitfor(self, who, args, _):
        wait = asyncio.wait_for(self.get(args[1]), seconds(args[0]))
        await self.watched(who, f'waitfor {args[1]}', wait)

    async def wait_timeout(self, who, args, body):
        async with asyncio.timeout(seconds(args[0])) as self.env[args[1]]:
            return await self.block(who, body)

    async def wait_timeoutat(self, who, args, body):
        async with asyncio.timeout_at(seconds(args[0])) as self.env[args[1]]:
            return await self.block(who, body)

    async def wait_return(self, _, args, __):
        return (value_of(args[0]) if args else None,)

    async def wait_repeat(self, who, args, body):
        for _ in range(int(args[0])):
            done = await self.block(who, body)
            if done is not None:
                return done

    async def wait_try(self, who, _, body, *clauses):
        done = None
        last = next((clause[2] for clause in clauses if clause[0] == 'finally'), [])
        try:
            done = await self.guarded(who, body, clauses)
        finally:
            if sys.exception() is None or not isinstance(sys.exception(), GeneratorExit):
                over = await self.block(who, last)
                if over is not None:
                    return over
        return done

    async def guarded(self, who, body, clauses):
        try:
            done = await self.block(who, body)
        except BaseException as error:
            for op, args, handler in clauses:
                if op == 'except' and matches(args[0], error):
                    self.log(who, f'caught {show_error(error)}')
                    done = await self.block(who, handler)
                    if 'again' in args:
                        raise
                    return done
            raise
        for op, _, follow in clauses:
            if op == 'else' and done is None:
                done = await self.block(who, follow)
        return done
