"""Measure handoffs: latency of one, throughput of a burst, overhead over empty tasks, memory.

Everything runs as `aftersign up` runs it: web, Prefect server and worker as processes of their
own on their SQLite defaults, a local PandaDoc, console connectors.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.machine import fresh_home, percentile, usage
from cli.services import Services

MAIN = "NfpPcvrAaMf2JRNJhZe4km"


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--single", type=int, default=20)
    options.add_argument("--burst", type=int, default=200)
    options.add_argument("--soak", type=int, default=0, help="further handoffs, to see whether memory stays flat")
    chosen = options.parse_args()
    from samples.fake_pandadoc import with_samples

    fake = with_samples()
    keys = {"AFTERSIGN_PANDADOC__API_KEY": fake.api_key, "AFTERSIGN_PANDADOC__WEBHOOK_KEYS": fake.shared_key}
    base = fake.start()
    with fresh_home(AFTERSIGN_ROLES__ESIGN="pandadoc", AFTERSIGN_PANDADOC__BASE_URL=base, **keys):
        _measure(chosen, fake)
    fake.stop()


def _measure(chosen: argparse.Namespace, fake: Any) -> None:
    from cli.environment import apply_environment
    from cli.setup import prepare
    from config.settings import settings

    current = settings()
    apply_environment(current)
    prepare(current)
    services = Services(current)
    try:
        services.start_all()
        _deliver(current, fake, _copies(fake, 3, "warm"), 1)
        _wait(current, 3)
        latencies = _single(current, fake, chosen.single)
        print(
            f"webhook accepted -> CSM task, {chosen.single} one at a time: median {statistics.median(latencies):.2f} s, p95 {percentile(latencies, 0.95):.2f} s"
        )
        done = 3 + chosen.single
        per_minute, cpu = _burst(current, fake, services, chosen.burst, done)
        done += chosen.burst
        print(f"burst of {chosen.burst}: {per_minute:.0f} handoffs/min, {cpu:.2f} CPU s each")
        empty = _empty_tasks(services, 40)
        print(f"the same number of empty Prefect tasks: {empty:.2f} CPU s each; ratio {cpu / empty:.2f}")
        if chosen.soak:
            _soak(current, fake, services, chosen.soak, done)
    finally:
        services.stop()


def _copies(fake: Any, count: int, prefix: str) -> list[str]:
    names = []
    for number in range(count):
        name = f"{prefix}{number:06d}"
        details = copy.deepcopy(fake.details[MAIN])
        fake.add(
            name,
            fake.files[MAIN],
            {**details, "id": name, "name": f"{prefix} {number}", "metadata": {}, "linked_objects": []},
        )
        names.append(name)
    _deals(names)
    return names


def _deals(names: list[str]) -> None:
    """Give every copy a deal of its own, as real signatures have."""
    import yaml

    from cli.demo import SAMPLES
    from cli.setup import _jsonable
    from config.settings import settings
    from store.database import Database
    from store.outbox import StoredOutbox

    row = next(d for d in yaml.safe_load((SAMPLES / "crm.yaml").read_text())["deals"] if d["document"] == MAIN)
    database = Database(settings().database)
    outbox = StoredOutbox(database, settings().now)
    for name in names:
        outbox.put("crm", "deal", f"deal-{name}", _jsonable({**row, "id": f"deal-{name}", "document": name}))
    database.close()


def _deliver(current: Any, fake: Any, names: list[str], workers: int) -> None:
    for name in names:
        fake.details[name]["metadata"] = {"deal_id": f"deal-{name}"}
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda name: fake.deliver(f"{current.public_url}/webhooks/pandadoc", name), names))


def _rows() -> list[Any]:
    from sqlalchemy import select

    from config.settings import settings
    from store.database import Database
    from store.tables import handoffs, inbox, steps

    database = Database(settings().database)
    query = (
        select(handoffs.c.id, handoffs.c.state, inbox.c.received_at, steps.c.finished_at, inbox.c.document)
        .join(inbox, inbox.c.id == handoffs.c.inbox_id)
        .join(steps, (steps.c.handoff_id == handoffs.c.id) & (steps.c.step == "first_touch"))
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
    database.close()
    return list(rows)


def _wait(current: Any, count: int, seconds: float = 900) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        rows = _rows()
        if sum(row.state == "complete" for row in rows) >= count:
            return
        time.sleep(0.3)
    states = [row.state for row in _rows()]
    message = f"only {states.count('complete')} of {count} complete: {current.home}/logs {set(states)}"
    raise RuntimeError(message)


def _single(current: Any, fake: Any, count: int) -> list[float]:
    done = len(_rows())
    names = _copies(fake, count, "single")
    for number, name in enumerate(names, 1):
        _deliver(current, fake, [name], 1)
        _wait(current, done + number)
    return [(row.finished_at - row.received_at).total_seconds() for row in _rows() if row.document.startswith("single")]


def _burst(current: Any, fake: Any, services: Services, count: int, done: int) -> tuple[float, float]:
    names = _copies(fake, count, "burst")
    before, begin = sum(cpu for cpu, _ in usage(services).values()), time.monotonic()
    _deliver(current, fake, names, 16)
    _wait(current, done + count)
    spent, took = sum(cpu for cpu, _ in usage(services).values()) - before, time.monotonic() - begin
    waits = [(row.finished_at - row.received_at).total_seconds() for row in _rows() if row.document.startswith("burst")]
    print(f"  in the burst, webhook -> CSM task: median {statistics.median(waits):.1f} s, last {max(waits):.1f} s")
    return count / took * 60, spent / count


def _empty_tasks(services: Services, runs: int) -> float:
    """Return CPU seconds of one run with as many empty tasks as a handoff has."""
    import asyncio

    from cli.runs import _authorised
    from config.settings import settings
    from web.dispatch import PrefectStarter

    async def run() -> None:
        starter = PrefectStarter(_authorised(settings()))
        ids = [await _patiently(starter, n) for n in range(runs)]
        while ids:
            ids = [
                i
                for i in ids
                if (await starter._send("GET", f"/flow_runs/{i}"))["state_type"]
                not in {"COMPLETED", "FAILED", "CRASHED"}
            ]
            await asyncio.sleep(0.5)
        await starter.close()

    from bench.empty_flow import register_empty

    asyncio.run(register_empty())
    before = sum(cpu for cpu, _ in usage(services).values())
    asyncio.run(run())
    return (sum(cpu for cpu, _ in usage(services).values()) - before) / runs


async def _patiently(starter: Any, number: int) -> str:
    import asyncio

    from domain.errors import Transient

    while True:
        try:
            return str(await starter.start("empty/aftersign", {}, f"empty-{number}"))
        except Transient:
            await asyncio.sleep(0.5)


def _soak(current: Any, fake: Any, services: Services, count: int, done: int) -> None:
    marks = []
    for part in range(5):
        names = _copies(fake, count // 5, f"soak{part}x")
        _deliver(current, fake, names, 16)
        done += count // 5
        _wait(current, done)
        marks.append({name: round(memory) for name, (_, memory) in usage(services).items()})
        print(f"  after {done} handoffs, MiB: {marks[-1]}")


if __name__ == "__main__":
    try:
        main()
    except urllib.error.URLError as error:
        raise SystemExit(f"the receiver refused: {error}") from error
