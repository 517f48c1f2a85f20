"""Records what CPython's asyncio does, for the tests that hold Oxbow to it.

    python3.13 test/asyncio/record.py

A scenario is a small program: scenarios/*.scene, the races of matrix.py (something ends a wait, a
cancel comes so many turns before or after), or one that generate.py and generate_sync.py make from
a seed. This runs each on asyncio in simulated time and writes program and log to recorded/*.json; the tests run
the same programs on Oxbow and compare the logs. Needs CPython 3.13, whose cancellation (what
uncancel() takes back) and wait_for() are those that Oxbow follows.
"""
import asyncio
import json
import logging
import pathlib
import selectors
import sys
import warnings

from generate import generate
from generate_sync import generate_sync
from matrix import matrix
from scene import Scene, show, show_error

HERE = pathlib.Path(__file__).parent


class Deadlock(Exception):
    """Nothing is left that could wake the loop."""


class VirtualSelector(selectors.SelectSelector):
    now = 0.0

    def select(self, timeout=None):
        if timeout is None:
            raise Deadlock
        self.now += max(timeout, 0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time stands still while code runs, and jumps to the next timer."""

    def __init__(self):
        self.virtual = VirtualSelector()
        super().__init__(self.virtual)
        self._clock_resolution = 1e-9

    def time(self):
        return self.virtual.now


def parse(text):
    """Lines of `op arguments`, with an indented body after a colon, as [op, arguments, body]."""
    root = []
    stack = [(-1, root)]
    for line in text.split('\n'):
        words = line.strip()
        if not words or words.startswith('#'):
            continue
        indent = len(line) - len(line.lstrip())
        while stack[-1][0] >= indent:
            stack.pop()
        opens = words.endswith(':')
        op, *args = words.rstrip(':').split()
        statement = [op, args, []]
        siblings = stack[-1][1]
        if op in ('except', 'else', 'finally'):
            siblings[-1].append(statement)
        else:
            siblings.append(statement)
        if opens:
            stack.append((indent, statement[2]))
    return root


def play_main(runner, scene, name, body):
    try:
        result = runner.run(scene.main(name, body))
    except Deadlock:
        raise
    except BaseException as error:
        scene.log('run', f'raised {show_error(error)}')
    else:
        scene.log('run', f'returned {show(result)}')


def play(program):
    """The log of a program, or None when it waits for ever."""
    runner = asyncio.Runner(loop_factory=VirtualLoop)
    loop = runner.get_loop()
    loop.set_exception_handler(lambda *_: None)
    scene = Scene(loop)
    mains = [(args[0], body) for op, args, body, *_ in program if op == 'main'] \
        or [('main', program)]
    try:
        for name, body in mains:
            play_main(runner, scene, name, body)
        runner.close()
    except Deadlock:
        return None
    return scene.lines


def scenes(path):
    for chunk in path.read_text().split('\n== ')[1:]:
        title, _, text = chunk.partition('\n')
        yield title.strip(), parse(text)


def write(name, recorded):
    rows = [f'  {json.dumps(key)}: {{\n    "program": {json.dumps(program)},\n'
            f'    "log": {json.dumps(log)}\n  }}' for key, (program, log) in recorded.items()]
    target = HERE / 'recorded' / f'{name}.json'
    target.write_text('{\n' + ',\n'.join(rows) + '\n}\n')
    print(f'{target.name}: {len(rows)} scenarios')


def by_who(log):
    """Sorted as the test compares it: without the order of turns at one moment."""
    return sorted(log, key=lambda line: (float(line.split()[0]), line.split()[1]))


def generated(make, label):
    made = {}
    seed = 0
    while len(made) < 200:
        seed += 1
        program = parse(make(seed))
        log = play(program)
        if log is not None:
            made[f'{label} {seed}'] = (program, by_who(log))
    return made


def main():
    if sys.version_info[:2] != (3, 13):
        sys.exit('record.py needs CPython 3.13: other versions differ in what is recorded')
    warnings.simplefilter('ignore')
    logging.disable()
    for path in sorted((HERE / 'scenarios').glob('*.scene')):
        recorded = {}
        for title, program in scenes(path):
            log = play(program)
            if log is None or title in recorded:
                sys.exit(f'{path.name}: "{title}" ' + ('is there twice' if log else 'never ends'))
            recorded[title] = (program, log)
        write(path.stem, recorded)
    races = {}
    for name, text in matrix():
        log = play(parse(text))
        if log is None:
            sys.exit(f'matrix: "{name}" never ends')
        races[name] = (parse(text), log)
    write('races', races)
    write('generated', generated(generate, 'seed'))
    write('generated-sync', generated(generate_sync, 'sync seed'))


if __name__ == '__main__':
    main()
