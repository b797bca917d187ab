"""Terminal: files as data, and goals that only the right files meet."""

import contextlib
import gzip
import io
import json
import tarfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.envs.code.terminal.archives import ArchiveError, gunzip, read_tar
from textgym.envs.code.terminal.goal import Goal, Wanted
from textgym.envs.code.terminal.scene import gzipped, tarred
from textgym.envs.code.terminal.tree import (
    Node,
    TreeError,
    changed_tree,
    check_tree,
    difference,
    dump_tree,
    load_tree,
    node_from_json,
)

names = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=6).filter(
    lambda name: name not in (".", "..")
)
nodes = st.one_of(
    st.builds(Node, st.just("file"), st.integers(0, 0o7777), st.integers(0, 2**33), st.binary(max_size=20)),
    st.builds(
        Node, st.just("link"), st.just(0o777), target=st.text(st.characters(codec="utf-8"), min_size=1, max_size=9)
    ),
    st.builds(Node, st.just("fifo"), st.integers(0, 0o7777)),
)


@st.composite
def trees(draw):
    tree = {}
    folders = [""]
    for name in draw(st.lists(names, unique=True, max_size=6)):
        path = draw(st.sampled_from(folders)) + name
        if draw(st.booleans()):
            tree[path] = Node("dir", draw(st.integers(0, 0o777)))
            folders.append(f"{path}/")
        else:
            tree[path] = draw(nodes)
    return tree


# -- trees ----------------------------------------------------------------------------------------------------------------


@given(trees())
def test_a_tree_survives_its_text(tree):
    check_tree(tree)
    assert load_tree(dump_tree(tree)) == tree


@given(trees(), trees())
def test_a_difference_makes_one_tree_into_the_other(before, after):
    changes = json.loads(json.dumps(difference(before, after)))
    assert changed_tree(before, changes) == after
    assert difference(before, before) == {}


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../b", "a//b", "./a", "a/.", "a\0b", "no/such/folder"])
def test_a_path_that_is_none_is_refused(path):
    with pytest.raises(TreeError):
        check_tree({"a": Node("dir", 0o755), path: Node()})


def test_a_file_below_a_file_is_refused():
    with pytest.raises(TreeError):
        check_tree({"a": Node(), "a/b": Node()})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4)
    )
)
def test_json_of_no_node_is_refused_or_makes_one(value):
    with contextlib.suppress(ValueError):
        assert isinstance(node_from_json(value), Node)


# -- goals ----------------------------------------------------------------------------------------------------------------

START = {
    "a": Node("dir", 0o755),
    "a/x.txt": Node("file", 0o644, 5, b"one\ntwo\n"),
    "a/y.sh": Node("file", 0o755, 6, b"#!/bin/sh\n"),
    "l": Node("link", 0o777, 0, b"", "a/x.txt"),
}


def test_nothing_wanted_is_met_by_nothing_done_and_by_nothing_else():
    goal = Goal()
    assert goal.unmet(START, START) == []
    assert goal.unmet(START, {**START, "new": Node()}) == ["new: should not be there"]
    assert goal.unmet(START, {path: node for path, node in START.items() if path != "l"})
    changes = {
        "a/x.txt": Node("file", 0o644, 5, b"one\ntwo\n\n"),
        "a/y.sh": Node("file", 0o644, 6, b"#!/bin/sh\n"),
        "l": Node("link", 0o777, 0, b"", "a/y.sh"),
        "a": Node("dir", 0o700),
    }
    for path, node in changes.items():
        assert goal.unmet(START, {**START, path: node}) == [f"{path}: should be as it was"]
    touched = {**START, "a/x.txt": Node("file", 0o644, 99, b"one\ntwo\n")}
    assert goal.unmet(START, touched) == []


@pytest.mark.parametrize(
    ("want", "good", "bad"),
    [
        (Wanted(content="1\n2"), [b"1\n2", b"1\n2\n\n"], [b"1\n2 ", b"1\r\n2", b"", b"\xff", b"\n1\n2"]),
        (Wanted(how="exact", content="1\n"), [b"1\n"], [b"1", b"1\n\n"]),
        (Wanted(how="lines", content="b\na"), [b"a\nb", b"b\na\n"], [b"a\nb\nb", b"a", b"ab"]),
        (
            Wanted(how="number", content=42),
            [b"42", b" 42\n", b"42.0"],
            [b"41", b"1 42", b"4_2", b"nan", b"42 43", b"", "٤٢".encode()],
        ),
        (Wanted(how="number", content=2.5, tolerance=0.1), [b"2.55", b"2.4"], [b"2.7", b"-2.5"]),
        (
            Wanted(how="json", content={"a": [1, True, None, "x"]}),
            [b'{"a":[1,true,null,"x"]}', b'{ "a" : [1.0, true, null, "x"] }\n'],
            [
                b'{"a":[1,1,null,"x"]}',
                b'{"a":[true,true,null,"x"]}',
                b'{"a":["1",true,null,"x"]}',
                b"{}",
                b"",
                b"[" * 9999,
                b'{"a":[1,true,null,"x"],"b":1}',
                b'{"a":[1,true,null,"x"],"a":[1,true,null,"x"]}',
            ],
        ),
        (
            Wanted(how="csv", content=[["a", "b"], ["1", 'x, "y"']]),
            [b'a,b\n1,"x, ""y"""\n', b'"a","b"\r\n"1","x, ""y"""\r\n'],
            [b"a,b\n1,x, y\n", b"a;b\n", b"", b'a,b\n1,"x', b"a,b\n"],
        ),
        (
            Wanted(how="gzip", content="hi"),
            [gzip.compress(b"hi"), gzip.compress(b"hi\n")],
            [b"hi", gzip.compress(b"ho"), gzip.compress(b"hi")[:-3]],
        ),
        (
            Wanted(how="tar", content={"d/a": "1", "b": "2"}),
            [tarred({"./d/a": "1", "b": "2"}), gzipped(tarred({"b": "2", "d/a": "1"}))],
            [
                tarred({"a": "1", "b": "2"}),
                tarred({"d/a": "1"}),
                tarred({"d/a": "1", "b": "2", "c": ""}),
                b"",
                b"\0" * 9999,
            ],
        ),
        (Wanted(like="a/x.txt"), [b"one\ntwo\n"], [b"one\ntwo"]),
    ],
)
def test_contents_are_compared_as_what_they_are(want, good, bad):
    text, contents = Goal({"f": want}).dump()
    goal = Goal.load(text, json.loads(json.dumps(contents)))
    for data in good:
        assert goal.unmet(START, {**START, "f": Node("file", 0o600, 1, data)}) == [], data
    for data in bad:
        assert goal.unmet(START, {**START, "f": Node("file", 0o600, 1, data)}), data
    assert goal.unmet(START, START) == ["f: is missing"]
    for other in (Node("link", 0o777, 0, b"", "a/x.txt"), Node("fifo", 0o644), Node("dir", 0o755)):
        assert goal.unmet(START, {**START, "f": other})


def test_modes_times_links_and_parents_count_where_they_are_wanted():
    goal = Goal(
        {"new/f": Wanted(content="x", mode=0o600, mtime=7), "new/l": Wanted("link", target="f")}, frozenset({"l"})
    )
    rest = {path: node for path, node in START.items() if path != "l"}
    good = {
        **rest,
        "new": Node("dir", 0o711),
        "new/f": Node("file", 0o600, 7, b"x"),
        "new/l": Node("link", 0o777, 0, b"", "f"),
    }
    assert goal.unmet(START, good) == []
    assert goal.unmet(START, {**good, "l": START["l"]}) == ["l: should be gone"]
    assert goal.unmet(START, {**good, "new/f": Node("file", 0o644, 7, b"x")})
    assert goal.unmet(START, {**good, "new/f": Node("file", 0o600, 8, b"x")})
    assert goal.unmet(START, {**good, "new/l": Node("link", 0o777, 0, b"", "./f")})
    assert goal.unmet(START, {**good, "new/more": Node("dir", 0o755)})


# -- archives -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("packed", [False, True])
def test_archives_of_every_form_are_read(form, packed):
    long = f"{'d' * 60}/{'e' * 60}/{'é' * 30}.txt"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        folder = tarfile.TarInfo("./d/")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name in ("d/a", long):
            member = tarfile.TarInfo(name)
            member.size, member.mode = 700, 0o755
            archive.addfile(member, io.BytesIO(b"z" * 700))
        link = tarfile.TarInfo("d/l")
        link.type, link.linkname = tarfile.SYMTYPE, "a"
        archive.addfile(link)
        hard = tarfile.TarInfo("d/h")
        hard.type, hard.linkname = tarfile.LNKTYPE, "d/a"
        archive.addfile(hard)
    data = gzip.compress(buffer.getvalue()) if packed else buffer.getvalue()
    members = read_tar(data)
    assert {path: member.kind for path, member in members.items()} == {
        "d": "dir",
        "d/a": "file",
        long: "file",
        "d/l": "link",
        "d/h": "file",
    }
    assert members[long].data == members["d/h"].data == b"z" * 700
    assert members["d/l"].target == "a"


@given(st.binary(max_size=2000), st.integers(0, 1500), st.binary(min_size=1, max_size=8))
def test_damaged_archives_are_refused_or_read(noise, place, patch):
    whole = tarred({"a/b": "x" * 600, "c": "y"})
    for data in (noise, whole[:place] + patch + whole[place + len(patch) :], whole[:place]):
        for form in (data, gzip.compress(data)):
            with contextlib.suppress(ArchiveError):
                assert read_tar(form)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../b"])
def test_a_member_that_leaves_the_archive_is_refused(name):
    with pytest.raises(ArchiveError):
        read_tar(tarred({name: "x"}))


def test_a_bomb_is_not_unpacked():
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    with pytest.raises(ArchiveError):
        gunzip(bomb)


@given(st.binary(max_size=70_000))
def test_what_we_gzip_others_unpack(data):
    assert gzip.decompress(gzipped(data)) == data
    assert gunzip(gzipped(data)) == data
