"""The shared pool of sandboxes is closed after every file, so that other tests find no sandboxes but their own."""

from collections.abc import Iterator

import pytest

from textgym.graders.code.box import close_box


@pytest.fixture(scope="module", autouse=True)
def _closed_box() -> Iterator[None]:
    yield
    close_box()
