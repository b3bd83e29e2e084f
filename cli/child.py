"""One of the processes that `aftersign up` starts: `python -m cli.child prefect|web|worker`.

The parent holds the other end of our standard input; when it closes, the parent is gone, even if
it was killed, and we end too.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

_GRACE_SECONDS = 15.0


def _follow_parent() -> None:
    def watch() -> None:
        while os.read(0, 4096):  # not sys.stdin: its lock would hang our own exit
            pass
        threading.Timer(_GRACE_SECONDS, os._exit, (1,)).start()
        os.kill(os.getpid(), signal.SIGINT if os.name == "nt" else signal.SIGTERM)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()


def _prefect() -> None:
    from cli.prefect_server import serve

    serve()


def _web() -> None:
    from config.settings import settings
    from web.server import serve

    serve(settings())


def _worker() -> None:
    import asyncio

    from config.settings import settings
    from flows.deploy import described, register
    from flows.worker import run_worker
    from tasks import context

    context.current()
    asyncio.run(register(described()))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    run_worker(settings().prefect.concurrency)


def main() -> None:
    """Run the process the first argument names."""
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    _follow_parent()
    {"prefect": _prefect, "web": _web, "worker": _worker}[sys.argv[1]]()


if __name__ == "__main__":
    main()
