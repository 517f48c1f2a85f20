"""The work of the programs beside this file, on asyncio: micro.py PROGRAM --impl LOOP --name N …

Prints {"value": ns of CPU time for each operation}, as they do.
"""

import asyncio
import json
import sys
import threading
import time

program = sys.argv[1]
options = dict(zip((name[2:] for name in sys.argv[2::2]), sys.argv[3::2]))


def count(name):
    return int(options[name])


def report(before, done, expected):
    if done != expected:
        raise RuntimeError(f"did {done} of {expected}")
    print(json.dumps({"value": (time.process_time_ns() - before) / done, "check": done}), flush=True)


async def gather():
    tasks, times, waits = count("tasks"), count("times"), count("waits")

    async def child():
        for _ in range(waits):
            await asyncio.sleep(0)
        return 1

    async def once():
        return sum(await asyncio.gather(*[asyncio.create_task(child()) for _ in range(tasks)]))

    await once()
    before = time.process_time_ns()
    done = 0
    for _ in range(times):
        done += await once()
    report(before, done, tasks * times)


async def task():
    tasks = count("tasks")

    async def child():
        await asyncio.sleep(0)
        return 1

    async def some(n):
        done = 0
        for _ in range(n):
            done += await asyncio.create_task(child())
        return done

    await some(tasks // 10)
    before = time.process_time_ns()
    report(before, await some(tasks), tasks)


async def lock():
    tasks, turns = count("tasks"), count("turns")
    mutex = asyncio.Lock()
    done = 0

    async def worker(n):
        nonlocal done
        for _ in range(n):
            async with mutex:
                await asyncio.sleep(0)
                done += 1

    await asyncio.gather(*[worker(turns // 10) for _ in range(tasks)])
    done = 0
    before = time.process_time_ns()
    await asyncio.gather(*[worker(turns) for _ in range(tasks)])
    report(before, done, tasks * turns)


async def queue():
    items, size = count("items"), count("size")

    async def some(n):
        channel = asyncio.Queue(size)

        async def produce():
            for i in range(n):
                await channel.put(i)

        producer = asyncio.create_task(produce())
        taken = 0
        for _ in range(n):
            await channel.get()
            taken += 1
        await producer
        return taken

    await some(items // 10)
    before = time.process_time_ns()
    report(before, await some(items), items)


async def threads():
    calls, burst = count("calls"), count("burst")
    loop = asyncio.get_running_loop()
    done = 0
    ended = loop.create_future()
    answered = threading.Semaphore(0)

    def called(last, total):
        nonlocal done
        done += 1
        if last:
            answered.release()
        if done == total:
            ended.set_result(None)

    # A burst at a time, as a program that waits for its answer does.
    def caller(total):
        for first in range(0, total, burst):
            for n in range(burst):
                loop.call_soon_threadsafe(called, n == burst - 1, total)
            answered.acquire()

    async def some(total):
        nonlocal done, ended
        done = 0
        ended = loop.create_future()
        thread = threading.Thread(target=caller, args=(total,))
        thread.start()
        await ended
        thread.join()
        return done

    await some(max(burst, calls // 10 // burst * burst))
    before = time.process_time_ns()
    report(before, await some(calls), calls)


if options["impl"] == "uvloop":
    import uvloop

    uvloop.install()
asyncio.run({"gather": gather, "task": task, "lock": lock, "queue": queue, "threads": threads}[program]())
