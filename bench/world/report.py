"""The table of a world: what was planted, found and made up, by code."""

from __future__ import annotations

from bench.world.referee import Tally, told
from bench.world.truth import AT_WILL

# By their nature these are likely and not certain.
_LIKELY = frozenset({"DUPLICATE, nearly", "DRIFT", AT_WILL})
_ENOUGH = 0.95


def table(tally: Tally, *, show: int) -> None:
    """Print the figures of each code, and some of the disagreements."""
    print(f"{'code':20} {'planted':>8} {'found':>8} {'made up':>8} {'precision':>10} {'recall':>8}")
    for key in keys(tally):
        figures = f"{tally.planted[key]:8} {tally.found[key]:8} {tally.made_up[key]:8}"
        print(f"{key:20} {figures} {tally.precision(key):10.3f} {tally.recall(key):8.3f}")
    print(f"clean: {tally.clean} contracts without a fault, findings on {tally.unclean} of them (wanted 0)")
    for miss in tally.misses[:show]:
        print("\n".join(told(miss)))


def keys(tally: Tally) -> list[str]:
    """Return the codes that were planted or said."""
    return sorted(key for key in {*tally.planted, *tally.made_up} if key != "clean")


def is_good(tally: Tally) -> bool:
    """Tell whether every certain code is told without a mistake, and every likely one nearly so."""
    return not tally.unclean and all(
        min(tally.precision(key), tally.recall(key)) >= (_ENOUGH if key in _LIKELY else 1) for key in keys(tally)
    )
