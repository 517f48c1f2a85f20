"""What the statements about locks, events, semaphores, barriers and queues do on asyncio."""
import asyncio
import re

from scene_text import item_of, show


def state_words(thing):
    """The part of a repr that is the same in both languages."""
    text = repr(thing)
    inside = re.search(r'\[(.*)\]>$', text)
    if isinstance(thing, asyncio.Future):
        return text.split()[1].rstrip('>')
    if isinstance(thing, asyncio.TaskGroup):
        return text.partition('Group')[2][:-1].strip()
    if isinstance(thing, asyncio.Queue):
        text = text.rstrip('>')
        words = r'maxsize=-?\d+|_getters\S+|_putters\S+|tasks=\d+|shutdown'
        return ' '.join(re.findall(words, text)).replace('_', '')
    if isinstance(thing, asyncio.Timeout):
        return re.search(r'\[(.*?)\]', text)[1]
    return inside[1] if inside else text


class SyncOps:
    def do_lock(self, _, args, __):
        self.env[args[0]] = asyncio.Lock()

    def do_event(self, _, args, __):
        self.env[args[0]] = asyncio.Event()

    def do_condition(self, _, args, __):
        self.env[args[0]] = asyncio.Condition(*map(self.get, args[1:]))

    def make(self, who, op, kind, args):
        try:
            self.env[args[0]] = kind(*map(int, args[1:]))
        except ValueError:
            self.log(who, f'{op} ! ValueError')

    def do_semaphore(self, who, args, _):
        self.make(who, 'semaphore', asyncio.Semaphore, args)

    def do_bounded(self, who, args, _):
        self.make(who, 'bounded', asyncio.BoundedSemaphore, args)

    def do_barrier(self, who, args, _):
        self.make(who, 'barrier', asyncio.Barrier, args)

    def do_queue(self, who, args, _):
        self.make(who, 'queue', asyncio.Queue, args)

    def do_pqueue(self, who, args, _):
        self.make(who, 'pqueue', asyncio.PriorityQueue, args)

    def do_lqueue(self, who, args, _):
        self.make(who, 'lqueue', asyncio.LifoQueue, args)

    def do_repr(self, who, args, _):
        self.log(who, f'repr {args[0]} = {state_words(self.get(args[0]))}')

    # Locks.

    def do_release(self, who, args, _):
        self.attempt(who, f'release {args[0]}', lambda: self.get(args[0]).release() or self)

    def do_locked(self, who, args, _):
        self.log(who, f'locked {args[0]} = {self.get(args[0]).locked()}')

    def do_eset(self, _, args, __):
        self.get(args[0]).set()

    def do_eclear(self, _, args, __):
        self.get(args[0]).clear()

    def do_isset(self, who, args, _):
        self.log(who, f'isset {args[0]} = {self.get(args[0]).is_set()}')

    def do_notify(self, who, args, _):
        count = [int(args[1])] if len(args) > 1 else []
        self.attempt(who, f'notify {args[0]}', lambda: self.get(args[0]).notify(*count) or self)

    def do_notifyall(self, who, args, _):
        self.attempt(who, f'notifyall {args[0]}', lambda: self.get(args[0]).notify_all() or self)

    def do_flag(self, _, args, __):
        self.env['flag ' + args[0]] = args[1]

    def do_bstate(self, who, args, _):
        barrier = self.get(args[0])
        self.log(who, f'bstate {args[0]} {barrier.n_waiting}/{barrier.parties} {barrier.broken}')

    # Queues.

    def do_putnow(self, who, args, _):
        queue, item = self.get(args[0]), item_of(args[1])
        self.attempt(who, f'putnow {args[0]}', lambda: queue.put_nowait(item) or self)

    def do_getnow(self, who, args, _):
        self.attempt(who, f'getnow {args[0]}', self.get(args[0]).get_nowait)

    def do_qsize(self, who, args, _):
        queue = self.get(args[0])
        self.log(who, f'qsize {args[0]} = {queue.qsize()} {queue.empty()} {queue.full()}')

    def do_taskdone(self, who, args, _):
        self.attempt(who, f'taskdone {args[0]}', lambda: self.get(args[0]).task_done() or self)

    def do_shutdown(self, _, args, __):
        self.get(args[0]).shutdown(*[True] * (len(args) - 1))

    # What awaits.

    async def wait_acquire(self, who, args, _):
        await self.watched(who, f'acquire {args[0]}', self.get(args[0]).acquire())

    async def wait_with(self, who, args, body):
        async with self.get(args[0]):
            return await self.block(who, body)

    async def wait_bwith(self, who, args, body):
        async with self.get(args[0]) as index:
            self.log(who, f'place {index}')
            return await self.block(who, body)

    async def wait_ewait(self, who, args, _):
        await self.watched(who, f'ewait {args[0]}', self.get(args[0]).wait())

    async def wait_cwait(self, who, args, _):
        await self.watched(who, f'cwait {args[0]}', self.get(args[0]).wait())

    async def wait_cwaitfor(self, who, args, _):
        def predicate():
            self.log(who, 'asked')
            return self.env.get('flag ' + args[1])
        await self.watched(who, f'cwaitfor {args[0]}', self.get(args[0]).wait_for(predicate))

    async def wait_bwait(self, who, args, _):
        await self.watched(who, f'bwait {args[0]}', self.get(args[0]).wait())

    async def wait_breset(self, _, args, __):
        await self.get(args[0]).reset()

    async def wait_babort(self, _, args, __):
        await self.get(args[0]).abort()

    async def wait_put(self, who, args, _):
        await self.watched(who, f'put {args[0]}', self.get(args[0]).put(item_of(args[1])))

    async def wait_get(self, who, args, _):
        await self.watched(who, f'get {args[0]}', self.get(args[0]).get())

    async def wait_join(self, who, args, _):
        await self.watched(who, f'join {args[0]}', self.get(args[0]).join())
