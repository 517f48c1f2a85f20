"""Scenarios of two things that happen at nearly the same moment: something ends a wait, and the
waiting task is cancelled, so many turns before or after. All of it is told in its order.
"""

# name: (what is there, what the task does, what ends its wait, what is looked at afterwards)
RACES = {
    'a future': ('future f', 'await f', 'set f v', 'state f'),
    'a failing future': ('future f', 'await f', 'fail f boom x', 'state f'),
    'a cancelled future': ('future f', 'await f', 'cancel f', 'state f'),
    'a task': ('future f|task u:|  await f', 'await u', 'set f v', 'state u'),
    'a failing task': ('future f|task u:|  await f', 'await u', 'fail f boom x', 'state u'),
    'a coroutine': ('future f|coro c:|  await f', 'await c', 'set f v', 'state f'),
    'waitFor': ('future f', 'waitfor 5 f', 'set f v', 'state f'),
    'waitFor without a limit': ('future f', 'waitfor none f', 'fail f boom x', 'state f'),
    'waitFor a task': ('future f|task u:|  await f', 'waitfor 5 u', 'set f v', 'state u'),
    'gather': ('future f|future g|gather h f g', 'await h', 'set f 1|set g 2', 'state h'),
    'gather of one': ('future f|future g|gather h f g|set g 1', 'await h', 'set f 2', 'state h'),
    'gather of tasks': ('future f|task a:|  await f|task b:|  await f|  sleep 0|gather h a b',
                        'await h', 'set f v', 'state h'),
    'a failing gather': ('future f|future g|gather h f g', 'await h', 'fail f boom x',
                         'state h|state g'),
    'gather with exceptions': ('future f|future g|gatherx h f g', 'await h',
                               'fail f boom x|set g 1', 'state f'),
    'shield': ('future f|shield s f', 'await s', 'set f v', 'state f|state s'),
    'a failing shield': ('future f|shield s f', 'await s', 'fail f boom x', 'state f|state s'),
    'a cancelled shield': ('future f|shield s f', 'await s', 'cancel f', 'state f|state s'),
    'wait for all': ('future f|future g', 'wait all none f g', 'set f 1|set g 2', 'state g'),
    'wait for the first': ('future f|future g', 'wait first none f g', 'set f 1', 'state g'),
    'wait with a limit': ('future f', 'wait all 5 f', 'set f 1', 'state f'),
    'asCompleted': ('future f|future g|completed c none f g', 'next c', 'set g 1', 'state f'),
    'a failing asCompleted': ('future f|future g|completed c none f g', 'next c', 'fail g boom x',
                              'state f'),
    'timeout': ('future f', 'timeout 9 s:|  await f', 'set f v', 'expired s'),
    'timeout that expires': ('future f', 'timeout 9 s:|  await f', 'reschedule s -1', 'expired s'),
    'timeout that is swallowed': (
        'future f', 'timeout 9 s:|  try:|    await f|  except cancelled:|    log swallowed',
        'reschedule s -1', 'expired s|cancelling t'),
    'the outer of two timeouts': ('future f', 'timeout 9 s:|  timeout 9 x:|    await f',
                                  'reschedule s -1', 'expired s|expired x'),
    'both of two timeouts': (
        'future f', 'timeout 9 s:|  try:|    timeout 9 x:|      await f|  except timeout:|'
        '    sleep 0', 'reschedule s -1|reschedule x -1', 'expired s|expired x'),
    'a group': ('future f', 'group g:|  spawn g a:|    await f', 'set f v', 'state a'),
    'a group and its body': ('future f|future k', 'group g:|  spawn g a:|    await k|  await f',
                             'set f v|set k v', 'state a'),
    'a failing child while the body runs': (
        'future f|future k', 'group g:|  spawn g a:|    await f|  await k', 'fail f boom x',
        'state a|cancelling t'),
    'a failing child while the group waits': (
        'future f|future k', 'group g:|  spawn g a:|    await f|  spawn g b:|    await k',
        'fail f boom x', 'state b|cancelling t'),
    'a caught group': (
        'future f|future k', 'try:|  group g:|    spawn g a:|      await f|    await k|'
        'except group:|  cancelling me|sleep 0.5|log went on', 'fail f boom x', 'cancelling t'),
    'a cancelled child': ('future f|future k', 'group g:|  spawn g a:|    await f|  await a',
                          'cancel f', 'state a'),
    'a failing body': ('future f|future k', 'group g:|  spawn g a:|    await k|  await f',
                       'fail f boom x', 'state a|cancelling t'),
    'nested groups': (
        'future f|future k', 'group g:|  group h:|    spawn h a:|      await f|    await k',
        'fail f boom x', 'state a|cancelling t'),
    'a group in a timeout': (
        'future k', 'timeout 9 s:|  group g:|    spawn g a:|      await k', 'reschedule s -1',
        'state a|expired s|cancelling t'),
    'a lock': ('lock l|acquire l', 'with l:|  log has it', 'release l', 'locked l'),
    'a lock with another waiter': (
        'lock l|acquire l', 'with l:|  log has it', 'release l', 'locked l|state u'),
    'a semaphore': ('semaphore s 0', 'with s:|  log has it', 'release s', 'repr s'),
    'a semaphore with another waiter': ('semaphore s 0', 'acquire s', 'release s',
                                        'repr s|state u'),
    'two permits': ('semaphore s 0', 'acquire s', 'release s|release s', 'repr s|state u'),
    'an event': ('event e', 'ewait e', 'eset e', 'isset e'),
    'an event that is cleared': ('event e', 'ewait e', 'eset e|eclear e', 'isset e'),
    'a condition': ('condition c', 'with c:|  cwait c|  log notified', None, 'locked c'),
    'a condition with another waiter': ('condition c', 'with c:|  cwait c|  log notified', None,
                                        'locked c|state u'),
    'a barrier': ('barrier b 2', 'bwait b', 'task y:|  bwait b', 'state y|bstate b'),
    'an aborted barrier': ('barrier b 3|task y:|  bwait b', 'bwait b', 'task z:|  babort b',
                           'state y|bstate b'),
    'get': ('queue q', 'get q', 'putnow q a', 'qsize q'),
    'get with another getter': ('queue q', 'get q', 'putnow q a', 'qsize q|state u'),
    'two items': ('queue q', 'get q', 'putnow q a|putnow q b', 'qsize q|state u'),
    'put': ('queue q 1|putnow q x', 'put q a', 'getnow q', 'qsize q'),
    'put with another putter': ('queue q 1|putnow q x', 'put q a', 'getnow q', 'qsize q|state u'),
    'join': ('queue q|putnow q x', 'join q', 'taskdone q', 'qsize q'),
    'shutdown': ('queue q', 'get q', 'shutdown q', 'qsize q|state u'),
    'get in a timeout': ('queue q', 'timeout 9 s:|  get q', 'putnow q a', 'qsize q|expired s'),
    'an uncancel': ('future f', 'await f', 'cancel t m|uncancel t', 'cancelling t'),
    'another cancel': ('future f', 'try:|  await f|except cancelled:|  sleep 0|  log cleaned',
                       'cancel t other', 'cancelling t'),
    'a cancel that is swallowed': (
        'future f', 'try:|  await f|except cancelled:|  uncancel me|  sleep 0|  log went on',
        'cancel t other', 'cancelling t'),
}

WITH_ANOTHER = ('with another', 'two permits', 'two items', 'shutdown')
NOTIFY = ['task n:', '  with c:', '    notify c']
AT = 4


def lines(text):
    return text.split('|') if text else []


def later(turns, label, body):
    """The body, so many turns from now."""
    out = []
    for depth in range(turns):
        out.append('  ' * depth + f'soon {label}{depth}:')
    return out + ['  ' * turns + line for line in body]


def program(name, offset, first):
    """Cancel so many turns after the wait ends; at the same turn `first` says who comes first."""
    setup, does, ends, look = RACES[name]
    ending = later(AT, 'e', lines(ends) if ends else NOTIFY)
    cancel = later(AT + offset, 'c', ['cancel t m'])
    task = ['task t:'] + ['  ' + line for line in lines(does)] + ['  log over', '  return v']
    if any(words in name for words in WITH_ANOTHER):
        task += ['task u:'] + ['  ' + line for line in lines(does)] + ['  log over']
    order = ending + cancel if first == 'end' else cancel + ending
    return '\n'.join(lines(setup) + task + ['sleep 1'] + order + ['sleep 1', 'state t']
                     + lines(look) + ['cancel t', 'sleep 1', 'state t'])


def matrix():
    """The name and the text of every scenario."""
    for name in RACES:
        for offset in range(-3, 4):
            yield f'{name}, cancel at {offset}', program(name, offset, 'cancel')
        yield f'{name}, cancel right after', program(name, 0, 'end')
