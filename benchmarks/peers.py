"""Which peers are installed beside us."""

from importlib.util import find_spec

GEM_MISSING = "left out: GEM is not installed; `make bench` installs it, as does `pip install -r benchmarks/peers.txt`"


def has_gem() -> bool:
    """Whether GEM can be imported."""
    return find_spec("gem") is not None
