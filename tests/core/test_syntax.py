"""Parsing beside other threads."""

import ast
import gc
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from textgym.core import syntax

SOURCE = Path(ast.__file__).read_text(encoding="utf-8")


@pytest.fixture
def _busy_threads() -> Iterator[None]:
    """Threads take turns in the middle of whatever they do: at every collection Python code runs."""

    def look(phase: str, info: dict[str, int]) -> None:
        sum(range(50))

    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50, 5, 5)
    gc.callbacks.append(look)
    yield
    gc.callbacks.remove(look)
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("_busy_threads")
def test_threads_that_parse_side_by_side_do_not_disturb_one_another() -> None:
    with ThreadPoolExecutor(4) as threads:
        trees = list(threads.map(lambda _: len(syntax.parse(SOURCE).body), range(12)))
    assert len(set(trees)) == 1


@pytest.mark.parametrize("action", ["error", "ignore", "default"])
def test_a_source_parses_or_not_whatever_is_done_about_warnings(action: str) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter(action)
        assert len(syntax.parse(r'pattern = "\d"').body) == 1
        assert warnings.filters[0][0] == action
    assert said == []
    with pytest.raises(SyntaxError):
        syntax.parse("pattern =")
