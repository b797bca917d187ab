"""File names and trees that no sandbox can make: they are refused with a word, and neither end nor mask an episode."""

import json
import struct
from dataclasses import replace

import pytest
from sample_packages import package, problem
from sample_repairs import SampleFix

from textgym.core import Random
from textgym.core.blocking import run_blocking
from textgym.core.randomness import Split
from textgym.envs.code.repair.box import _read_command
from textgym.envs.code.repair.export import export
from textgym.envs.code.repair.problems import Problem, ProblemSource
from textgym.envs.code.repair.starting import start_tree
from textgym.envs.code.repair.tree import MOST_FILES, MOST_FOLDERS, MOST_PATH_BYTES, Changes, TreeError
from textgym.envs.code.repair.verdict import judge
from textgym.sandbox import RunResult

in_a_sandbox = pytest.mark.docker


class _Marked:
    """The sample with a file that is no Python source among its sources."""

    def size(self, split: Split) -> int:
        return 4

    def problem(self, split: Split, index: int) -> Problem:
        sample = problem("shelf", index)
        marked = {**sample.package.files, "src/shelf/py.typed": b"\n"}
        return replace(sample, package=replace(sample.package, files=marked))


MARKED = _Marked()


class MarkedFix(SampleFix):
    __doc__ = SampleFix.__doc__

    def source(self) -> ProblemSource:
        return MARKED


@pytest.fixture
def live():
    env = MarkedFix(command_seconds=10)
    return env.start(env.task("train", 0))


def said(live, name, **arguments):
    return live.step(live.env.call(name, **arguments))


def added(*paths):
    return "\n".join(["*** Begin Patch", *(f"*** Add File: {path}\n+x = 1" for path in paths), "*** End Patch"])


DEEP = "src/shelf/" + "d/" * 13 + "x.py"
UNUSABLE = {
    "16 parts": DEEP,
    "17 parts": "src/shelf/" + "d/" * 14 + "x.py",
    "256 bytes": "src/shelf/" + "n" * 253 + ".py",
    "400 bytes in 203 characters": "src/shelf/" + "é" * 200 + ".py",
    "508 bytes in 255 characters": "src/shelf/" + "é" * 252 + ".py",
    "a long path": "src/shelf/" + ("p" * 250 + "/") * 4 + "x.py",
    "a line break": "src/shelf/a\nb.py",
    "a control character": "src/shelf/a\x1b[2Jb.py",
    "out of the repository": "src/shelf/../../../x.py",
    "below a file": "src/shelf/text.py/x.py",
    "where a folder is": "src/shelf",
    "where a folder's folder is": "src",
}


@pytest.mark.parametrize("path", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_file_that_no_sandbox_could_make_is_refused_at_once(live, path):
    text, _, terminated, *_ = said(live, "edit", path=path, old="", new="x = 1")
    assert text.startswith("Not edited: ")
    assert not terminated
    if "\n" not in path:
        text, _, terminated, *_ = said(live, "patch", text=added("fine.py", path))
        assert text.startswith("The patch was not applied: ")
        assert not terminated
    moved = f"*** Begin Patch\n*** Update File: src/shelf/store.py\n*** Move to: {path}\n*** End Patch"
    assert said(live, "patch", text=moved)[0].startswith("The patch was not applied: ")
    assert not live.state.changes.files
    assert not live.ended


@in_a_sandbox
@pytest.mark.parametrize("path", ["src/shelf/" + "d/" * 12 + "x.py", "src/shelf/" + "é" * 126 + ".py"])
def test_the_deepest_and_the_longest_name_work_everywhere(live, path):
    assert said(live, "edit", path=path, old="", new="x = 1")[0].startswith("Edited")
    text, *_ = said(live, "bash", command=f"test -f '{path}' && echo there; git status --short | wc -l")
    assert "there\n1" in text
    assert "17 passed" in said(live, "test")[0]
    said(live, "edit", path="src/shelf/text.py", old=">= width", new="> width")
    _, reward, _, _, info = said(live, "submit")
    assert (reward, info["outcome"]["status"]) == (1.0, "ok")


@in_a_sandbox
@pytest.mark.parametrize(
    ("command", "named"),
    [
        (f"mkdir -p {DEEP[:-4]} && echo x = 1 > {DEEP}", "16 parts"),
        ("cd src/shelf && for i in $(seq 60); do mkdir d && cd d; done; echo x = 1 > x.py", "parts"),
        ("p=$(printf 'p%.0s' $(seq 250)); mkdir -p src/$p/$p/$p/$p && echo x = 1 > src/$p/$p/$p/$p/x.py", "bytes"),
        ("echo x = 1 > src/shelf/$'a\\nb.py'", "control"),
        ("echo x = 1 > src/shelf/$'odd\\xff.py'", "UTF-8"),
    ],
)
def test_a_commands_unusable_files_are_left_out_and_told_and_grading_goes_on(live, command, named):
    text, _, terminated, _, info = said(live, "bash", command=f"echo kept > fine.txt; {command}")
    assert "exit_code: 0" in text
    note = text.partition("--- note: ")[2]
    assert "not kept" in note
    assert named in note
    assert info["stopped"] == "left_out"
    assert not terminated
    assert set(live.state.changes.files) == {"fine.txt"}
    text, *_ = said(
        live, "bash", command="sed -i 's/>= width/> width/' src/shelf/text.py; find . -name '*x.py' | wc -l"
    )
    assert "exit_code: 0\n--- output ---\n0\n" in text
    assert "note" not in text
    _, reward, _, _, info = said(live, "submit")
    assert (reward, info["outcome"]["status"], info["outcome"]["mask"]) == (1.0, "ok", False)


@in_a_sandbox
@pytest.mark.parametrize("mend", [True, False])
def test_a_file_below_one_that_stays_is_left_out_of_the_grading(live, mend):
    path = "src/shelf/py.typed"
    text, *_ = said(live, "bash", command=f"rm {path}; mkdir {path}; echo x=1 > {path}/a.py; ls {path}")
    assert "a.py" in text
    if mend:
        said(live, "edit", path="src/shelf/text.py", old=">= width", new="> width")
    text, reward, _, _, info = said(live, "submit")
    assert (reward, info["outcome"]["status"], info["outcome"]["mask"]) == (float(mend), "ok", False)
    if not mend:
        assert text == "No source of the package was changed. 2 changed files are none of its sources."


@in_a_sandbox
def test_a_module_that_became_a_package_is_graded_as_it_is(live):
    command = "cd src/shelf; sed -i 's/>= width/> width/' text.py; mkdir t; mv text.py t/__init__.py; mv t text"
    assert "exit_code: 0" in said(live, "bash", command=command)[0]
    assert {"src/shelf/text.py", "src/shelf/text/__init__.py"} == set(live.state.changes.files)
    _, reward, _, _, info = said(live, "submit")
    # The repaired function is no longer where it is looked for; what counts here is that there is a verdict.
    assert info["outcome"]["status"] in ("ok", "grader_error")
    assert "set up" not in str(info["outcome"])
    assert reward in (0.0, 1.0)


@in_a_sandbox
@pytest.mark.parametrize(
    "command",
    [
        "cd src/shelf; ln -s text.py loop.py; ln -s . inner; mkfifo pipe.py; echo x=1 > TEXT.py; echo x=1 > 'text.py.'",
        "cd src/shelf; mv text.py Text.py; mkdir TEXT.PY; echo x=1 > TEXT.PY/text.py; echo x=1 > 'text.py '",
        "cd src; mv shelf elsewhere; ln -s elsewhere shelf",
        "mkdir 'main.py' extras package; echo x=1 > main.py/a.py; echo x=1 > extras/a.py; echo x=1 > package/a.py",
        "cd src/shelf; for i in $(seq 480); do echo x=1 > m$i.py; done",
    ],
)
def test_odd_trees_get_a_verdict(live, command):
    assert "exit_code: 0" in said(live, "bash", command=command)[0]
    assert "exit_code: 0\n--- output ---\nhi" in said(live, "bash", command="echo hi")[0]
    _, reward, _, _, info = said(live, "submit")
    assert (reward, info["outcome"]["status"], info["outcome"]["mask"]) == (0.0, "ok", False)


@in_a_sandbox
def test_as_many_files_in_as_many_folders_as_may_be_are_graded(live):
    paths = [f"src/shelf/{'n' * 60}{number}/{'m' * 20}.py" for number in range(MOST_FOLDERS)]
    for first in range(0, len(paths), 250):
        text, *_ = said(live, "patch", text=added(*paths[first : first + 250]).replace("+x = 1", "+"))
        assert text.startswith("Added")
    assert "exit_code: 0" in said(live, "bash", command="git status | tail -1")[0]
    _, reward, _, _, info = said(live, "submit")
    assert (reward, info["outcome"]["status"], info["outcome"]["mask"]) == (0.0, "ok", False)


def test_names_are_bounded_together_and_so_are_files_and_folders():
    start = package("shelf").shown
    for paths in (
        [f"src/shelf/{'é' * 120}/{number}.py" for number in range(MOST_FILES)],
        [f"n{number}.py" for number in range(MOST_FILES + 1)],
        [f"{number}/a/b/c.py" for number in range(MOST_FOLDERS // 3 + 1)],
    ):
        changes = Changes()
        with pytest.raises(TreeError):
            changes.update(start, dict.fromkeys(paths, b""))
        assert not changes.files
    changes = Changes()
    changes.update(start, {f"n{number}.py": b"" for number in range(MOST_FILES)} | dict.fromkeys(start))
    assert len(changes.files) == MOST_FILES + len(start)


def test_what_takes_the_place_of_a_folder_is_taken_over_where_the_folder_is_gone():
    start = {"a/b.py": b"", "a/c.py": b"", "d": b""}
    changes = Changes()
    with pytest.raises(TreeError, match="both a file and a folder"):
        changes.update(start, {"a": b"", "a/b.py": None})
    changes.update(start, {"a": b"x", "a/b.py": None, "a/c.py": None, "d": None, "d/e": b"y"})
    assert changes.tree(start) == {"a": b"x", "d/e": b"y"}


def test_what_a_command_reports_is_sorted_by_whether_it_can_be_kept():
    names = [
        "../up",
        "/etc/x",
        "a//b",
        "",
        ".",
        "a\0b",
        "\ud800",
        "\udcff",
        "x/" * 15 + "y",
        "n" * 256,
        "fine",
        "fine/../x",
    ]
    head = {
        "output": [0, 0],
        "changed": [[name, 1] for name in names],
        "exit_code": 0,
        "elided": 0,
        "cpu": 0,
        "late": 0,
    }
    text = json.dumps(head).encode()
    frame = struct.pack("!I", len(text)) + text + b"x" * len(names)
    read = _read_command(RunResult("exit", 0, result=frame), 10)
    assert dict(read.changed) == {"fine": b"x"}
    assert read.stopped == "left_out"
    assert read.note.startswith("11 files were not kept")
    read.note.encode()
    assert len(read.note) < 1_000


def test_nothing_that_stands_in_the_way_of_the_package_leaves_the_box():
    shelf = MARKED.problem("train", 0).package
    tree = {path: data for path, data in shelf.shown.items() if path != "src/shelf/py.typed"}
    tree |= {
        "src/shelf/py.typed/a.py": b"x = 1\n",
        "src/shelf/ok.py": b"x = 1\n",
        "src/shelf/" + "é" * 200 + ".py": b"",
    }
    leaving = export(shelf, shelf.shown, tree)
    assert set(leaving.files) == {"src/shelf/ok.py"}
    assert len(leaving.dropped) == 3
    assert leaving.added == ("x = 1",)
    # A file that the box did not have, such as a copy of the answer, is in the way as well.
    hidden = {path: data for path, data in shelf.shown.items() if path != "src/shelf/text.py"}
    assert not export(shelf, hidden, {**hidden, "src/shelf/text.py/a.py": b"x = 1\n"}).files
    assert not export(shelf, {}, {"src/shelf.py": b"", "src/shelf/text.py/b/c.py": b""}).files


@in_a_sandbox
def test_a_tree_that_never_was_in_a_box_is_graded_too():
    sample = MARKED.problem("train", 0)
    start = start_tree(sample)
    for path in UNUSABLE.values():
        if path.startswith("src/shelf/") and ".." not in path:
            verdict = run_blocking(judge(sample, start, {**start, path: b"x = 1\n"}, Random(b"1")))
            assert verdict.value == 0.0
            assert verdict.words.startswith("No source of the package was changed.")


def test_a_path_is_bounded_below_what_a_sandbox_takes():
    changes = Changes()
    path = "/".join(["p" * 99] * 10)
    assert len(path) == MOST_PATH_BYTES - 1
    changes.update({}, {path: b"", path + "q": b""})
    with pytest.raises(TreeError, match="bytes"):
        changes.update({}, {path + "qq": b""})
