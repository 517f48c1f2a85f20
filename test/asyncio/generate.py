"""Scenarios made from a seed: tasks that wait for and cancel each other in any way.

Every wait and every action has a moment of its own (long sleeps of random length), so what is
compared is what happens, not in which order things happen that fall in the same turn.
"""
import random


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.count = 0

    def emit(self, depth, text):
        self.lines.append('  ' * depth + text)

    def moment(self):
        return self.random.randrange(1, 100000) / 64

    def name(self, letter):
        self.count += 1
        return f'{letter}{self.count}'

    def pick(self, known, kinds='tfgs'):
        return self.random.choice([name for name in known if name[0] in kinds] or ['f0'])

    def block(self, depth, budget, known):
        # What is made inside may never be made, so nobody outside waits for it.
        known = list(known)
        for _ in range(self.random.randrange(1, 4)):
            self.emit(depth, f'sleep {self.moment()}')
            self.statement(depth, budget, known)

    def statement(self, depth, budget, known):
        simple = [self.wait, self.wait, self.cancel, self.settle, self.state, self.uncancel]
        nested = [self.attempt, self.attempt, self.timeout, self.spawn, self.spawn]
        made = [self.gather, self.shield, self.wait_for]
        choices = simple + made + (nested * 2 if budget > 0 else [])
        self.random.choice(choices)(depth, budget - 1, known)

    def wait(self, depth, _, known):
        self.emit(depth, f'await {self.pick(known)}')

    def cancel(self, depth, _, known):
        target = self.random.choice([self.pick(known), self.pick(known, 't'), 'me'])
        self.emit(depth, f'cancel {target}')

    def uncancel(self, depth, _, __):
        self.emit(depth, 'uncancel me')

    def settle(self, depth, _, known):
        end = self.random.choice(['set {} v', 'fail {} boom x'])
        self.emit(depth, end.format(self.pick(known, 'f')))

    def state(self, depth, _, known):
        self.emit(depth, f'state {self.pick(known)}')

    def attempt(self, depth, budget, known):
        self.emit(depth, 'try:')
        self.block(depth + 1, budget, known)
        if self.random.random() < 0.6:
            kind = self.random.choice(['cancelled', 'boom', 'timeout', 'any', 'cancelled again'])
            self.emit(depth, f'except {kind}:')
            self.block(depth + 1, budget, known)
            if self.random.random() < 0.3:
                self.emit(depth, 'else:')
                self.block(depth + 1, budget, known)
        else:
            self.emit(depth, 'finally:')
            self.block(depth + 1, budget, known)

    def timeout(self, depth, budget, known):
        self.emit(depth, f'timeout {self.moment()} {self.name("x")}:')
        self.block(depth + 1, budget, known)

    def spawn(self, depth, budget, known):
        name = self.name('t')
        self.emit(depth, f'task {name}:')
        self.block(depth + 1, budget, known)
        known.append(name)

    def gather(self, depth, _, known):
        name = self.name('g')
        children = ' '.join(self.pick(known) for _ in range(self.random.randrange(1, 4)))
        self.emit(depth, f'{self.random.choice(["gather", "gatherx"])} {name} {children}')
        known.append(name)
        self.emit(depth, f'await {name}')

    def shield(self, depth, _, known):
        name = self.name('s')
        self.emit(depth, f'shield {name} {self.pick(known)}')
        known.append(name)
        self.emit(depth, f'await {name}')

    def wait_for(self, depth, _, known):
        self.emit(depth, f'waitfor {self.moment()} {self.pick(known)}')


def generate(seed):
    """The text of a scenario."""
    maker = Maker(seed)
    known = ['f0', 'f00']
    maker.emit(0, 'future f0')
    maker.emit(0, 'future f00')
    for future, when in (('f0', 2500), ('f00', 4000)):
        maker.emit(0, f'later h{future} {when}:')
        maker.emit(1, f'set {future} late')
    for _ in range(4):
        maker.emit(0, f'sleep {maker.random.randrange(1, 5000) / 64}')
        maker.spawn(0, 2, known)
    for name in [each for each in known if each[0] == 't']:
        maker.emit(0, 'try:')
        maker.emit(1, f'await {name}')
        maker.emit(0, 'except any:')
        maker.emit(1, f'sleep {maker.moment()}')
        maker.emit(1, f'state {name}')
    return '\n'.join(maker.lines)
