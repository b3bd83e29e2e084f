"""The audit chain finds every change made behind its back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audit import GENESIS, Entry, canonical, first_break, link


def chain(length: int) -> list[Entry]:
    entries, previous = [], GENESIS
    for seq in range(1, length + 1):
        fields = (seq, f"2026-11-23T14:00:{seq % 60:02}+00:00", "aftersign", "step.done", f"handoff-{seq % 3}", "{}")
        previous_hash, previous = previous, link(*fields, previous)
        entries.append(Entry(*fields, previous_hash, previous))
    return entries


class TestAChain:
    @pytest.mark.parametrize("length", [0, 1, 2, 500])
    def test_that_nobody_touched_is_whole(self, length: int) -> None:
        assert first_break(chain(length)) is None

    @given(st.data(), st.sampled_from(["at", "actor", "action", "subject", "detail", "previous", "hash"]), st.text())
    def test_shows_an_edit_where_it_was_made(self, data: Any, field: str, value: str) -> None:
        entries = chain(20)
        place = data.draw(st.integers(0, 19))
        if getattr(entries[place], field) == value:
            value += "x"
        entries[place] = replace(entries[place], **{field: value})
        broken = first_break(entries)
        assert broken is not None
        assert broken[0] == place + 1

    @given(st.integers(0, 18))
    def test_shows_a_deletion(self, place: int) -> None:
        entries = chain(20)
        del entries[place]
        assert first_break(entries) == (place + 1, f"entry {place + 1} is missing; the next one found is {place + 2}")

    @given(st.integers(0, 19), st.integers(0, 19))
    def test_shows_an_insertion(self, place: int, copied: int) -> None:
        entries = chain(20)
        entries.insert(place, replace(entries[copied], seq=place + 1))
        assert first_break(entries) is not None

    @given(st.integers(0, 19), st.integers(0, 19), st.booleans())
    def test_shows_a_swap_even_with_the_numbers_put_right(self, one: int, other: int, renumbered: bool) -> None:
        entries = chain(20)
        entries[one], entries[other] = entries[other], entries[one]
        if renumbered:
            entries = [replace(entry, seq=number) for number, entry in enumerate(entries, 1)]
        assert (first_break(entries) is None) is (one == other)

    def test_shows_an_edit_whose_own_hash_was_recomputed(self) -> None:
        entries = chain(20)
        old = entries[4]
        forged = link(old.seq, old.at, "mallory", old.action, old.subject, old.detail, old.previous)
        entries[4] = replace(old, actor="mallory", hash=forged)
        assert first_break(entries) == (6, "it does not continue the entry before it")

    def test_cannot_show_a_cut_tail_from_inside(self) -> None:
        assert first_break(chain(20)[:-3]) is None


class TestALink:
    def test_never_confuses_neighbouring_fields(self) -> None:
        assert link(1, "", "ab", "c", "", "", GENESIS) != link(1, "", "a", "bc", "", "", GENESIS)
        assert link(1, "", 'a","b', "", "", "", GENESIS) != link(1, "", "a", 'b","', "", "", GENESIS)

    def test_is_pinned_so_that_old_chains_stay_readable(self) -> None:
        sealed = link(1, "2026-01-01T00:00:00+00:00", "aftersign", "inbox.done", "x", '{"a":1}', GENESIS)
        assert sealed == "2e6177cddbf713b5e24b88b05153d097ea8dd6eff02e6fde66857c9a20e07901"

    def test_is_made_from_one_text_whatever_the_order_of_details(self) -> None:
        assert canonical({"b": 1, "a": "ü"}) == canonical({"a": "ü", "b": 1}) == '{"a":"ü","b":1}'
