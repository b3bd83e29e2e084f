"""A file may be anything; the reader always answers, in time, and the parent lives on."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.documents import ReadProblem
from extraction import Limits, read_document, read_terms
from extraction.nursery import NURSERY, ask_once
from tests.extraction import hostile

ROOT = Path(__file__).parents[2]
HARBOURLINE = ROOT / "samples" / "contracts" / "harbourline-order-form.pdf"
HASTY = Limits(cpu_seconds=4, wall_seconds=8)


class TestAGoodFile:
    def test_gives_its_pages_in_order_and_its_digest(self) -> None:
        document = read_document(HARBOURLINE.read_bytes())
        assert document.problem is None
        assert [page.number for page in document.pages] == [1, 2, 3]
        assert document.pages[0].text.startswith("Order Form LA-2026-0417\n")
        assert len(document.sha256) == 64

    def test_has_no_carriage_returns_or_hidden_characters(self) -> None:
        text = read_document(HARBOURLINE.read_bytes()).text
        assert not set(text) & set("\r\x00\xa0\xad\ufffe")

    def test_costs_little_once_the_mother_process_is_warm(self) -> None:
        data = hostile.hello()
        read_document(data)
        began = time.perf_counter()
        for _ in range(10):
            read_document(data)
        assert (time.perf_counter() - began) / 10 < 0.25

    def test_may_be_encrypted_without_a_user_password(self) -> None:
        document = read_document(hostile.with_empty_password())
        assert document.problem is None
        assert "Hello" in document.text


class TestAFileThatCannotBeRead:
    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"", ReadProblem.NOT_A_PDF),
            (b"Dear customer, this is a letter.", ReadProblem.NOT_A_PDF),
            (b"\x89PNG\r\n\x1a\n" + bytes(4000), ReadProblem.NOT_A_PDF),
            (b"%PDF-1.7\nnothing follows", ReadProblem.CORRUPT),
            (hostile.truncated(), ReadProblem.CORRUPT),
            (hostile.page_tree_loop(), ReadProblem.CORRUPT),
            (hostile.deep_arrays(), ReadProblem.CORRUPT),
            (hostile.with_password(), ReadProblem.ENCRYPTED),
            (hostile.empty_pages(), ReadProblem.NO_TEXT),
            (hostile.self_reference(), ReadProblem.NO_TEXT),
        ],
        ids=[
            "nothing", "letter", "picture", "stump", "truncated", "page tree loop", "deep arrays",
            "password", "empty pages", "self reference",
        ],
    )  # fmt: skip
    def test_is_named_for_what_it_is(self, data: bytes, problem: ReadProblem) -> None:
        document = read_document(data, limits=HASTY)
        assert document.problem is problem
        assert document.problem_detail
        assert document.pages == ()

    def test_is_refused_by_size_before_anything_opens_it(self) -> None:
        document = read_document(b"%PDF-1.7" + bytes(60 * 1024 * 1024))
        assert document.problem is ReadProblem.TOO_LARGE

    def test_is_refused_by_its_number_of_pages(self) -> None:
        document = read_document(hostile.many_pages(40), limits=Limits(pages=39))
        assert document.problem is ReadProblem.TOO_LARGE
        assert "40 pages" in document.problem_detail


class TestAFileThatIsDamagedInside:
    @pytest.mark.parametrize("first", [2000, 2900])
    def test_names_the_pages_whose_text_is_lost(self, first: int) -> None:
        document = read_document(hostile.damaged_in_the_middle(HARBOURLINE.read_bytes(), first))
        assert document.problem is None
        assert document.problem_detail == "pages that the damaged file holds only in part: 1, 2"
        assert "document" in [gap.field for gap in read_terms(document).gaps]

    def test_names_a_page_whose_stream_breaks_off(self) -> None:
        document = read_document(hostile.with_a_broken_stream())
        assert "page 1 is here" in document.text
        assert document.problem_detail == "pages that the damaged file holds only in part: 2"

    def test_is_not_suspected_where_every_page_is_whole(self) -> None:
        assert read_document(HARBOURLINE.read_bytes()).problem_detail == ""


class TestAHostileFile:
    def test_that_unpacks_without_end_is_stopped(self) -> None:
        data = hostile.flate_bomb()
        began = time.monotonic()
        document = read_document(data, limits=HASTY)
        assert document.problem is ReadProblem.HOSTILE
        assert time.monotonic() - began < HASTY.wall_seconds + 3

    def test_that_draws_itself_does_not_hide_what_follows(self) -> None:
        document = read_document(hostile.form_recursion(), limits=HASTY)
        assert "after the loop" in document.text

    def test_leaves_the_reader_able_to_read_the_next_file(self) -> None:
        read_document(hostile.flate_bomb(), limits=HASTY)
        assert "Hello" in read_document(hostile.hello()).text


class TestManyAtOnce:
    def test_threads_do_not_mix_up_their_files(self) -> None:
        files = [hostile.page_with(b"BT /F1 9 Tf 9 9 Td (file %d) Tj ET" % n) for n in range(24)]
        with ThreadPoolExecutor(8) as pool:
            texts = [document.text for document in pool.map(read_document, files)]
        assert texts == [f"file {number}" for number in range(24)]

    def test_an_event_loop_may_read_through_threads(self) -> None:
        async def read() -> list[str]:
            data = hostile.hello()
            found = await asyncio.gather(*[asyncio.to_thread(read_document, data) for _ in range(4)])
            return [document.text for document in found]

        assert asyncio.run(read()) == ["Hello from the text layer"] * 4


class TestTheMotherProcess:
    def test_is_replaced_when_the_system_killed_it(self) -> None:
        read_document(hostile.hello())
        mother = NURSERY.mother_pid
        assert mother is not None
        os.kill(mother, signal.SIGKILL)
        assert read_document(hostile.hello()).problem is None
        assert NURSERY.mother_pid != mother

    @pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
    def test_holds_none_of_the_secrets_of_its_parent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AFTERSIGN_TOP_SECRET", "do-not-inherit")
        NURSERY.close()
        read_document(hostile.hello())
        environment = Path(f"/proc/{NURSERY.mother_pid}/environ").read_bytes()
        assert b"do-not-inherit" not in environment

    def test_ends_with_the_program_that_started_it(self) -> None:
        program = (
            "import sys; from extraction import read_document; from extraction.nursery import NURSERY\n"
            "print(read_document(sys.stdin.buffer.read()).problem, NURSERY.mother_pid)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=hostile.hello(),
            capture_output=True,
            cwd=ROOT,
            timeout=60,
            check=True,
        )
        problem, mother = done.stdout.split()
        assert problem == b"None"
        with pytest.raises(ProcessLookupError):
            os.kill(int(mother), 0)

    def test_is_not_needed_where_forking_is_impossible(self) -> None:
        answer = json.loads(ask_once(hostile.hello(), Limits()))
        assert answer["pages"] == ["Hello from the text layer"]
