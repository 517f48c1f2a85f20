"""What the statements about groups, waits for many, eager tasks and contexts do on asyncio."""
import asyncio
import contextvars

from scene_text import make_error, seconds, show_error, show_message

CONDITIONS = {'first': asyncio.FIRST_COMPLETED, 'exception': asyncio.FIRST_EXCEPTION,
              'all': asyncio.ALL_COMPLETED}


class InOrder(dict):
    """A set that is walked in the order of insertion."""

    add = dict.setdefault

    def discard(self, item):
        self.pop(item, None)


class Group(asyncio.TaskGroup):
    """Cancels its tasks in the order they were made, which asyncio leaves to the addresses."""

    def __init__(self):
        super().__init__()
        self._tasks = InOrder()


class GroupOps:
    async def wait_group(self, who, args, body):
        async with Group() as self.env[args[0]]:
            return await self.block(who, body)

    def do_spawn(self, who, args, body):
        group, name = args
        try:
            self.env[name] = self.get(group).create_task(self.run(name, body), name=name)
        except RuntimeError:
            self.log(who, f'spawn {name} ! RuntimeError')

    def do_eager(self, _, args, body):
        name = args[0]
        coro = self.run(name, body)
        self.env[name] = asyncio.Task(coro, loop=self.loop, name=name, eager_start=True)

    def do_factory(self, _, args, __):
        self.loop.set_task_factory(asyncio.eager_task_factory if args[0] == 'eager' else None)

    def do_hascoro(self, who, args, _):
        self.log(who, f'hascoro {args[0]} = {self.get(args[0]).get_coro() is not None}')

    async def wait_wait(self, who, args, _):
        names = args[2:]
        wait = asyncio.wait([self.get(name) for name in names], timeout=seconds(args[1]),
                            return_when=CONDITIONS[args[0]])
        try:
            done, pending = await wait
        except BaseException as error:
            if not isinstance(error, GeneratorExit):
                self.log(who, f'wait ! {show_error(error)}')
            raise
        told = ' '.join(sorted({name for name in names if self.get(name) in done}))
        left = ' '.join(sorted({name for name in names if self.get(name) in pending}))
        self.log(who, f'wait = done {told} pending {left}')

    def do_completed(self, _, args, __):
        futures = [self.get(name) for name in args[2:]]
        self.env[args[0]] = asyncio.as_completed(futures, timeout=seconds(args[1]))

    async def wait_next(self, who, args, _):
        try:
            step = next(self.get(args[0]))
        except StopIteration:
            self.log(who, f'next {args[0]} is over')
            return
        await self.watched(who, f'next {args[0]}', step)

    async def wait_anext(self, who, args, _):
        try:
            future = await anext(self.get(args[0]))
        except StopAsyncIteration:
            self.log(who, f'anext {args[0]} is over')
        except BaseException as error:
            if not isinstance(error, GeneratorExit):
                self.log(who, f'anext {args[0]} ! {show_error(error)}')
            raise
        else:
            names = sorted(name for name, value in self.env.items() if value is future)
            self.log(who, f'anext {args[0]} = {" ".join(names)}')

    # Contexts.

    def do_var(self, _, args, __):
        default = {'default': args[1]} if len(args) > 1 else {}
        self.env[args[0]] = contextvars.ContextVar(args[0], **default)

    def do_varset(self, _, args, __):
        token = self.get(args[0]).set(args[1])
        self.env[args[2] if len(args) > 2 else 'token'] = token

    def do_varget(self, who, args, _):
        self.attempt(who, f'varget {args[0]}', lambda: self.get(args[0]).get(*args[1:]))

    def do_varreset(self, who, args, _):
        token = self.get(args[1])
        self.attempt(who, f'varreset {args[0]}', lambda: self.get(args[0]).reset(token) or self)

    def do_context(self, _, args, __):
        self.env[args[0]] = contextvars.copy_context()

    def do_in(self, who, args, body):
        self.get(args[0]).run(self.sync_block, who, body)

    def do_ctxget(self, who, args, _):
        context, var = self.get(args[0]), self.get(args[1])
        self.log(who, f'ctxget {args[1]} = {context.get(var)} {var in context}')

    def do_taskin(self, _, args, body):
        name = args[1]
        coro = self.run(name, body)
        self.env[name] = self.loop.create_task(coro, name=name, context=self.get(args[0]))

    # Messages.

    def do_message(self, who, _, body):
        try:
            self.sync_block(who, body)
        except BaseException as error:
            self.log(who, f'message {show_error(error)}: {show_message(error)}')

    def do_throws(self, who, args, _):
        """The message of the error that a method throws."""
        try:
            getattr(self.get(args[0]), args[1])(*map(int, args[2:]))
        except BaseException as error:
            self.log(who, f'{args[1]} ! {show_error(error)}: {show_message(error)}')
        else:
            self.log(who, f'{args[1]} is fine')

    def do_contexts(self, _, args, __):
        """Logs what the exception handler is told."""
        def handler(_, context):
            if 'never retrieved' in context['message']:
                return
            keys = ' '.join(sorted(key for key in context if key != 'message'))
            first = ' '.join(context['message'].split()[:3])
            self.log('handler', f'{first} [{keys}] {show_error(context["exception"])}')
            if args:
                raise make_error(args)
        self.loop.set_exception_handler(handler)
