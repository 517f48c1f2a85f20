"""How a scenario's log writes values and errors: the same words for Python and JavaScript."""
import asyncio
import re


class Boom(Exception):
    """The error of the scenarios."""


def value_of(word):
    return None if word == 'none' else word


def seconds(word):
    return None if word == 'none' else float(word)


def item_of(word):
    """What goes into a queue: numbers have an order."""
    return int(word) if word.lstrip('-').isdigit() else word


def make_error(args):
    kind, *rest = args
    classes = {'boom': Boom, 'cancelled': asyncio.CancelledError, 'runtime': RuntimeError}
    return classes[kind](*rest)


NAMES = {'CancelledError': 'Cancelled', 'TypeError': 'ValueError', 'ExceptionGroup': 'Group',
         'BaseExceptionGroup': 'Group'}


def show_error(error):
    name = NAMES.get(type(error).__name__, type(error).__name__)
    if isinstance(error, BaseExceptionGroup):
        return f'{name}({", ".join(map(show_error, error.exceptions))})'
    told = isinstance(error, (Boom, asyncio.CancelledError)) and any(error.args)
    return f'{name}({error.args[0]})' if told else name


def show(value):
    if isinstance(value, (list, tuple)):
        return '[' + ', '.join(map(show, value)) + ']'
    return show_error(value) if isinstance(value, BaseException) else str(value)


def show_message(error):
    """The whole message, in the spelling of JavaScript."""
    text = re.sub(r'<.*>', '<>', str(error))
    return re.sub(r'_([a-z])', lambda found: found[1].upper(), text)


def matches(kind, error):
    kinds = {'cancelled': asyncio.CancelledError, 'timeout': TimeoutError, 'boom': Boom,
             'runtime': RuntimeError, 'group': BaseExceptionGroup, 'any': BaseException,
             'broken': asyncio.BrokenBarrierError, 'shutdown': asyncio.QueueShutDown}
    return isinstance(error, kinds[kind])


