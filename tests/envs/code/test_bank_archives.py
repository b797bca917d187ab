"""Archives of the bank: unpacked as data, fetched once, checked always."""

import hashlib
import http.server
import io
import json
import tarfile
import threading
import zipfile

import pytest

from envs.code.sample_sdist import Index, sdist
from textgym.core import InfraError
from textgym.envs.code.bank import archives
from textgym.envs.code.bank.archives import unpack
from textgym.envs.code.bank.cache import archive_bytes, archive_path, fetch_all
from textgym.envs.code.bank.catalogue import PackageSpec, Pin, catalogue
from textgym.envs.code.bank.errors import ArchiveError, FetchError, GoneError, HashError, OfflineError
from textgym.envs.code.bank.trees import library_files


@pytest.fixture
def index(tmp_path, monkeypatch):
    """An index with nothing on it yet, the only one that is asked, and an empty cache."""
    made = Index(tmp_path / "index")
    monkeypatch.setenv("PIP_INDEX_URL", made.address)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", made.address)
    monkeypatch.setenv("TEXTGYM_CACHE", str(tmp_path / "cache"))
    return made


def test_an_archive_is_fetched_once_and_needs_no_index_afterwards(index, monkeypatch):
    data = sdist({"a.py": "x = 1\n"})
    pin = index.offer("a", "a-1.0.tar", data)
    told = []
    assert fetch_all([pin, pin], lambda *step: told.append(step)) == {pin: False}
    assert told == [("a-1.0", 0, 1)]
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    assert archive_bytes(pin) == data
    assert fetch_all([pin]) == {}


def test_what_was_damaged_in_the_cache_is_fetched_again(index):
    data = sdist({"a.py": "x = 1\n"})
    pin = index.offer("a", "a-1.0.tar", data)
    archive_bytes(pin)
    archive_path(pin).write_bytes(data[:-1])
    assert archive_bytes(pin) == data
    assert archive_path(pin).read_bytes() == data
    archive_path(pin).write_bytes(data + b"garbage")
    other = index.offer("b", "b-1.0.tar", sdist({"b.py": "x = 1\n"}))
    assert fetch_all([other, pin]) == {other: False, pin: True}
    assert archive_path(pin).read_bytes() == data


def test_what_is_damaged_and_cannot_be_fetched_is_called_damaged(index, monkeypatch):
    pin = index.offer("a", "a-1.0.tar", sdist({"a.py": "x = 1\n"}))
    archive_bytes(pin)
    archive_path(pin).write_bytes(b"garbage")
    for setting in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.setenv(setting, "http://127.0.0.1:9/simple")
    for use in (archive_bytes, lambda one: fetch_all([one]), lambda one: library_files((one,))):
        with pytest.raises(OfflineError, match=r"a-1\.0\.tar is damaged .* has to be fetched"):
            use(pin)
    assert archive_path(pin).read_bytes() == b"garbage"  # nothing is lost where nothing better is to be had


def test_other_bytes_than_the_pinned_ones_are_refused_and_not_kept(index):
    pin = index.offer("a", "a-1.0.tar", sdist({"a.py": "x = 1\n"}))
    index.offer("a", "a-1.0.tar", sdist({"a.py": "x = 2\n"}))
    with pytest.raises(HashError, match="other bytes"):
        archive_bytes(pin)
    page = index.folder / "a" / "index.html"
    page.write_text(page.read_text().partition("#")[0] + '">x</a>')  # an index that gives no hashes
    with pytest.raises(HashError, match="another hash"):
        archive_bytes(pin)
    assert not archive_path(pin).exists()


def test_an_archive_that_nobody_offers_is_gone(index):
    pin = index.offer("a", "a-1.0.tar", b"x")
    for other in (pin.model_copy(update={"file": "a-2.0.tar"}), pin.model_copy(update={"name": "b"})):
        with pytest.raises(GoneError, match="no package index offers it"):
            archive_bytes(other)


def test_without_an_index_the_error_says_so_and_is_one_of_the_machinery(index, monkeypatch):
    pin = index.offer("a", "a-1.0.tar", b"x")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    assert archive_bytes(pin) == b"x"  # the extra index has it
    other = pin.model_copy(update={"file": "a-2.0.tar"})
    with pytest.raises(OfflineError, match="textgym bank fetch") as raised:
        archive_bytes(other)
    assert isinstance(raised.value, FetchError)
    assert isinstance(raised.value, InfraError)


class _Simple(http.server.BaseHTTPRequestHandler):
    """An index that speaks JSON, and yanked what it offers."""

    data = sdist({"a.py": "x = 1\n"})

    def do_GET(self) -> None:
        if self.path == "/simple/my-a/":
            digest = hashlib.sha256(self.data).hexdigest()
            file = {"filename": "my_a-1.0.tar", "url": "../../files/my_a-1.0.tar", "hashes": {"sha256": digest}}
            body = json.dumps({"meta": {"api-version": "1.1"}, "files": [{**file, "yanked": "broken"}]}).encode()
            kind = "application/vnd.pypi.simple.v1+json"
        elif self.path == "/files/my_a-1.0.tar":
            body, kind = self.data, "application/octet-stream"
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_an_index_over_http_and_what_it_yanked(index, monkeypatch):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Simple)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
        digest = hashlib.sha256(_Simple.data).hexdigest()
        pin = Pin(name="My_a", version="1.0", file="my_a-1.0.tar", sha256=digest)
        assert archive_bytes(pin) == _Simple.data
        with pytest.raises(GoneError):
            archive_bytes(Pin(name="none", version="1.0", file="none-1.0.tar", sha256=digest))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def tar_with(*members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for member, data in members:
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def member(name, data=b"", kind=tarfile.REGTYPE, target=""):
    made = tarfile.TarInfo(name)
    made.size, made.type, made.linkname = len(data), kind, target
    return made, data


def test_only_regular_files_are_unpacked_below_the_one_folder():
    data = tar_with(
        member("a-1/", kind=tarfile.DIRTYPE),
        member("a-1/x.py", b"1"),
        member("a-1/link", kind=tarfile.SYMTYPE, target="/etc/passwd"),
        member("a-1/hard", kind=tarfile.LNKTYPE, target="a-1/x.py"),
        member("a-1/fifo", kind=tarfile.FIFOTYPE),
        member("a-1/b/y.py", b"2"),
    )
    assert unpack("a-1.tar.gz", data) == {"x.py": b"1", "b/y.py": b"2"}


@pytest.mark.parametrize("name", ["/etc/passwd", "a/../../x", "../x", "a/./x", "a//x"])
def test_names_that_lead_out_are_refused(name):
    with pytest.raises(ArchiveError):
        unpack("a-1.tar.gz", tar_with(member("a/ok", b"1"), member(name, b"1")))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, b"1")
    with pytest.raises(ArchiveError):
        unpack("a-1-py3-none-any.whl", buffer.getvalue())


def test_what_is_too_much_or_no_archive_is_refused(monkeypatch):
    for file in ("a-1.tar.gz", "a-1.whl", "a-1.zip"):
        for data in (b"", b"nothing", b"\x1f\x8b" + bytes(100), b"PK\x03\x04" + bytes(100)):
            with pytest.raises(ArchiveError):
                unpack(file, data)
    with pytest.raises(ArchiveError, match="one folder"):
        unpack("a-1.tar.gz", tar_with(member("a/x", b"1"), member("b/x", b"1")))
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    with pytest.raises(ArchiveError, match="more than"):
        unpack("a-1.tar.gz", tar_with(member("a/x", bytes(6)), member("a/y", bytes(6))))
    monkeypatch.setattr(archives, "MOST_FILES", 1)
    with pytest.raises(ArchiveError, match="more than"):
        unpack("a-1.tar.gz", tar_with(member("a/x", b"1"), member("a/y", b"1")))


def test_the_catalogue_is_in_order():
    found = catalogue()
    names = [spec.name for spec in found.packages]
    assert names == sorted(set(names))
    assert all(pin.file.endswith(".whl") for pin in found.tools)
    with pytest.raises(ValueError, match="licence"):
        PackageSpec(**{**found.packages[0].model_dump(), "licence": "GPL-3.0"})
