"""How fast and how long we keep asking one vendor: a rate bucket and a circuit breaker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from domain.errors import Transient

LONGEST_WAIT = 10.0  # beyond this a worker has better things to do; the scheduler comes back


@dataclass(slots=True)
class Pace:
    """Let at most `per_second` calls through, with `burst` at once; 0 means no limit of ours.

    One bucket a vendor and process. A vendor's own 429 is still believed over our arithmetic.
    """

    per_second: float = 0.0
    burst: int = 1
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _free_at: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def wait(self, vendor: str) -> None:
        """Sleep until the next call fits. Raises `Transient` rather than sleep over 10 s."""
        if self.per_second <= 0:
            return
        with self._lock:
            now, gap = self.clock(), 1 / self.per_second
            start = max(self._free_at, now - (self.burst - 1) * gap)
            pause = start - now
            if pause > LONGEST_WAIT:
                raise Transient(f"{vendor} is asked as often as it allows", retry_after=pause)
            self._free_at = start + gap
        if pause > 0:
            self.sleep(pause)


@dataclass(slots=True)
class Breaker:
    """Stop asking a vendor that has failed `limit` calls in a row, for `rest` seconds.

    After the rest one call tries; its failure begins another rest.
    """

    limit: int = 5
    rest: float = 15.0
    clock: Callable[[], float] = time.monotonic
    _failed: int = field(default=0, init=False)
    _until: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def enter(self, vendor: str) -> None:
        """Raise `Transient` while the vendor rests; let one caller try when the rest is over."""
        with self._lock:
            now = self.clock()
            if self._failed < self.limit:
                return
            if now < self._until:
                raise Transient(
                    f"{vendor} has failed {self._failed} times in a row and is left alone",
                    fix="nothing, unless it lasts: then look at the vendor's status page",
                    retry_after=self._until - now,
                )
            self._until = now + self.rest

    def tell(self, *, failed: bool) -> None:
        """Count a call's outcome."""
        with self._lock:
            self._failed = self._failed + 1 if failed else 0
            if failed and self._failed >= self.limit:
                self._until = self.clock() + self.rest
