"""Scenarios made from a seed, over everything that tasks share: locks, semaphores, events,
conditions, barriers, queues, groups, timeouts, waits for many; with cancels at any moment.

As in generate.py every step has a moment of its own, so what is compared is what happens.
"""
from generate import Maker

SHARED = ['lock l', 'semaphore s 1', 'event e', 'condition c', 'barrier b 2', 'queue q 2',
          'pqueue p', 'future f0', 'future f00']


class SyncMaker(Maker):
    def __init__(self, seed):
        super().__init__(seed)
        # In the async lane `me` inside of a scope is another task, so that few programs ask for it.
        self.selfish = seed % 4 == 0

    def statement(self, depth, budget, known):
        simple = [self.acquire, self.event, self.get, self.get, self.put, self.put, self.now,
                  self.join, self.arrive, self.notify, self.cancel, self.state, self.look,
                  self.uncancel, self.wait_many, self.wait]
        nested = [self.within, self.within, self.within, self.condition, self.attempt,
                  self.attempt, self.timeout, self.spawn, self.groups, self.groups]
        choices = simple + (nested * 2 if budget > 0 else [])
        self.random.choice(choices)(depth, budget - 1, known)

    def cancel(self, depth, budget, known):
        if self.selfish:
            super().cancel(depth, budget, known)
        elif self.tasks(known):
            self.emit(depth, f'cancel {self.pick(known, "t")}')

    def uncancel(self, depth, budget, known):
        if self.selfish:
            super().uncancel(depth, budget, known)
        elif self.tasks(known):
            self.emit(depth, f'uncancel {self.pick(known, "t")}')

    def tasks(self, known):
        return [name for name in known if name[0] == 't']

    def within(self, depth, budget, known):
        self.emit(depth, f'with {self.random.choice("ls")}:')
        self.block(depth + 1, budget, known)

    def condition(self, depth, budget, known):
        self.emit(depth, 'with c:')
        self.emit(depth + 1, 'cwait c')
        self.block(depth + 1, budget, known)

    def notify(self, depth, _, __):
        self.emit(depth, 'with c:')
        self.emit(depth + 1, self.random.choice(['notify c', 'notify c 2', 'notifyall c']))

    def acquire(self, depth, _, __):
        name = self.random.choice('ls')
        self.emit(depth, f'acquire {name}')
        self.emit(depth, f'sleep {self.moment()}')
        self.emit(depth, f'release {name}')

    def event(self, depth, _, __):
        self.emit(depth, self.random.choice(['ewait e', 'eset e', 'eclear e', 'isset e']))

    def get(self, depth, _, __):
        self.emit(depth, f'get {self.random.choice("qqp")}')

    def put(self, depth, _, __):
        self.emit(depth, f'put {self.random.choice("qqp")} {self.random.randrange(100)}')

    def now(self, depth, _, __):
        item = self.random.randrange(100)
        self.emit(depth, self.random.choice([
            f'putnow q {item}', f'putnow p {item}', 'getnow q', 'getnow p', 'taskdone q',
            'qsize q', 'shutdown q' if self.random.random() < 0.2 else 'qsize p',
            'shutdown q now' if self.random.random() < 0.1 else 'taskdone p']))

    def join(self, depth, _, __):
        self.emit(depth, 'join q')

    def arrive(self, depth, _, __):
        self.emit(depth, self.random.choice(['bwait b', 'bwait b', 'bwait b', 'breset b']))

    def look(self, depth, _, __):
        self.emit(depth, self.random.choice(['locked l', 'locked s', 'bstate b', 'repr s',
                                             'repr l']))

    def wait_many(self, depth, _, known):
        tasks = self.tasks(known)
        if tasks:
            kind = self.random.choice(['first', 'exception', 'all'])
            names = ' '.join(self.random.sample(tasks, min(len(tasks), 2)))
            self.emit(depth, f'wait {kind} {self.moment()} {names}')

    def groups(self, depth, budget, known):
        name = self.name('g')
        self.emit(depth, f'group {name}:')
        inside = list(known)
        for _ in range(self.random.randrange(1, 3)):
            child = self.name('t')
            self.emit(depth + 1, f'spawn {name} {child}:')
            self.block(depth + 2, budget, known)
            inside.append(child)
        self.block(depth + 1, budget, inside)


def generate_sync(seed):
    """The text of a scenario."""
    maker = SyncMaker(seed)
    known = ['f0', 'f00']
    for line in SHARED:
        maker.emit(0, line)
    for future, when in (('f0', 2500), ('f00', 4000)):
        maker.emit(0, f'later h{future} {when}:')
        maker.emit(1, f'set {future} late')
    for _ in range(5):
        maker.emit(0, f'sleep {maker.random.randrange(1, 5000) / 64}')
        maker.spawn(0, 2, known)
    for name in maker.tasks(known) * 2:
        maker.emit(0, f'sleep {maker.moment() * 2}')
        maker.emit(0, f'state {name}')
        maker.emit(0, f'cancel {name}')
    maker.emit(0, 'sleep 9000')
    for name in maker.tasks(known):
        maker.emit(0, f'state {name}')
    return '\n'.join(maker.lines)
