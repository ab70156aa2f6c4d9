"""The short form of `make hostile`: the same cases in one configuration, with less time for the slow ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from club.news import SourceTrouble
from connectors.address import check_url
from tests.hostile.case import PASSES, Case, faults
from tests.hostile.cases import CASES, GOOD
from tests.hostile.cases.addresses import AT_LOAD
from tests.hostile.run import Run, collect
from tests.kit.program import Program

pytestmark = pytest.mark.timeout(300)
TIMEOUT = 4.0  # seconds that a source has


async def visited(folder: Path, cases: Sequence[Case], passes: int = 1) -> Run:
    run = await collect(folder, cases, seconds=TIMEOUT, passes=passes)
    missing = [case.name for case in cases if case.name not in run.outcomes]
    found = [fault for case in cases for fault in faults(case, run.outcomes[case.name], run.at)]
    unsaid = [case.name for case in cases if run.unsaid(case)]
    assert (run.faults, missing, found, unsaid) == ([], [], [], [])
    return run


def test_each_case_has_a_name_and_they_are_many() -> None:
    assert len({case.name for case in (*CASES, *GOOD)}) == len(CASES) + len(GOOD)
    assert len(CASES) >= 120 and len(GOOD) == 10


async def test_hostile_sources_are_told_and_disturb_no_good_one(tmp_path: Path) -> None:
    await visited(tmp_path, [case for case in (*CASES, *GOOD) if not case.again and not case.flood])


async def test_hostile_sources_are_visited_again(tmp_path: Path) -> None:
    await visited(tmp_path, [case for case in CASES if case.again], PASSES)


async def test_what_is_no_address_of_the_web_is_refused_at_load(tmp_path: Path) -> None:
    program = Program(tmp_path)
    lines = [f"[[sources]]\nname = '{name}'\nurl = {json.dumps(url)}" for name, url in AT_LOAD.items()]
    program.configure("\n".join(lines))
    done = await program("collect")
    assert done.code == 2
    assert not [name for number, name in enumerate(AT_LOAD, 1) if f"[[sources]] #{number} url" not in done.err]
    for url in AT_LOAD.values():
        with pytest.raises(SourceTrouble):
            check_url(url)
