"""The registry from within a process: ids, suggestions, versions, refusals, specs, pages."""

import re
import sys
import warnings
from types import ModuleType

import gymnasium as gym
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

import textgym
from textgym import ConfigError, Entry, TextEnv, UnknownEnvironmentError
from textgym.registry import PACKAGES, PAGES, entries, find, make, missing

GUESS = "textgym/GuessNumber-v0"


def ours():
    """The entries of our own pages; other tests of this run may have added pages of theirs."""
    return {entry.id: entry for page in PAGES for entry in sys.modules[page].ENVIRONMENTS}


def test_every_entry_can_be_made_and_says_what_it_is():
    for env_id, entry in ours().items():
        if missing(entry):
            continue
        env = gym.make(env_id)
        assert isinstance(env, TextEnv), env_id
        assert env.unwrapped is env
        assert env.spec.id == env.env_id == entry.id == env_id
        assert entry.summary.endswith(".")
        assert entry.domain
        task_id = env.reset(seed=1)[1]["task_id"]
        assert re.sub("~[0-9a-f]{8}", "", task_id) == f"{env_id}/train/1"


def test_our_pages_are_sorted_into_domains_and_name_our_namespace():
    for page in PAGES:
        listed = sys.modules[page].ENVIRONMENTS
        assert {entry.domain for entry in listed} == {page.rpartition(".")[2]}
        assert all(entry.id.startswith("textgym/") for entry in listed)


@pytest.mark.parametrize("env_id", [GUESS, "GuessNumber-v0"])
def test_an_id_is_found_with_and_without_our_namespace(env_id):
    assert find(env_id).id == GUESS
    assert make(env_id, high=50).config.high == 50


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("textgym/GuesNumber-v0", ["did you mean 'textgym/GuessNumber-v0'?"]),
        ("guessnumber-v0", ["did you mean 'GuessNumber-v0'?"]),
        ("GuessNumber-v7", ["it exists as textgym/GuessNumber-v0"]),
        ("GuessNumber", ["it exists as textgym/GuessNumber-v0"]),
        ("textgym/GuessNumber", ["it exists as textgym/GuessNumber-v0"]),
        ("zzzzzzzzzz", ["it is none of the", "textgym list"]),
        ("", ["textgym list"]),
        ("no_such_page:mine/Env-v0", ["'no_such_page' is no page of environments"]),
        ("json:mine/Env-v0", ["'json' is no page of environments"]),
    ],
)
def test_a_wrong_id_gets_the_closest_right_one(wrong, words):
    for call in (find, make):
        with pytest.raises(UnknownEnvironmentError) as refusal:
            call(wrong)
        assert isinstance(refusal.value, LookupError)
        assert all(word in str(refusal.value) for word in [repr(wrong) if "page" not in words[0] else "page", *words])


def test_a_page_in_front_of_an_id_that_leaves_python_is_no_page(tmp_path, monkeypatch):
    (tmp_path / "a_page_that_leaves.py").write_text("import sys; sys.exit(3)")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UnknownEnvironmentError, match="leaves Python when it is imported"):
        find("a_page_that_leaves:mine/Env-v0")


def test_gymnasium_refuses_other_versions_too():
    with pytest.raises(gym.error.Error):
        gym.make("textgym/GuessNumber-v7")


@pytest.mark.parametrize("maker", [make, gym.make])
def test_a_wrong_setting_is_refused_by_name(maker):
    with pytest.raises(ConfigError, match=r"unknown setting 'hihg': did you mean 'high'\?"):
        maker(GUESS, hihg=3)
    with pytest.raises(ConfigError, match="'high' = 1"):
        maker(GUESS, high=1)


@pytest.mark.parametrize(
    ("setting", "words"),
    [("max_episode_steps", "`max_turns` limits"), ("disable_env_checker", "wrapper"), ("id", "first argument")],
)
def test_a_keyword_that_would_only_wrap_is_refused_and_not_ignored(setting, words):
    with pytest.raises(ConfigError, match=f"unknown setting '{setting}': .*{words}"):
        make(GUESS, **{setting: 3})


def test_any_name_may_be_a_setting_that_is_refused():
    with pytest.raises(ConfigError, match="unknown setting 'env_id'"):
        make(GUESS, env_id=3)


@pytest.mark.parametrize("wrong", [None, 3, ["GuessNumber-v0"], Entry])
def test_an_id_is_a_text(wrong):
    for call in (find, make):
        with pytest.raises(TypeError, match="the id of an environment is a str, not"):
            call(wrong)


def test_a_spec_goes_through_json_and_makes_the_same_environment():
    env = gym.make(GUESS, high=50, max_turns=3)
    spec = EnvSpec.from_json(env.spec.to_json())
    assert spec == env.spec
    again = gym.make(spec)
    assert again.config == env.config
    assert again.reset(seed=5) == env.reset(seed=5)


def test_every_registered_spec_goes_through_json():
    for env_id in ours():
        spec = gym.spec(env_id)
        assert EnvSpec.from_json(spec.to_json()) == spec


def test_an_id_may_name_the_module_of_a_page_that_is_not_installed(monkeypatch):
    page = ModuleType("a_page_of_the_tests")
    page.ENVIRONMENTS = (_entry("paged/Guess-v0"),)
    monkeypatch.setitem(sys.modules, "a_page_of_the_tests", page)
    env_id = "a_page_of_the_tests:paged/Guess-v0"
    try:
        assert find(env_id).id == "paged/Guess-v0"
        assert make(env_id).spec.id == "paged/Guess-v0"
        assert gym.make("paged/Guess-v0").reset(seed=1)
        with pytest.raises(UnknownEnvironmentError, match="did you mean 'paged/Guess-v0'"):
            find("a_page_of_the_tests:paged/Gess-v0")
    finally:
        entries().pop("paged/Guess-v0", None)
        gym.registry.pop("paged/Guess-v0", None)


@pytest.fixture
def page(monkeypatch):
    """Makes a module that is a page of these entries; what it registers is gone after the test."""
    known = set(entries())

    def page(*listed):
        module = ModuleType("page_of_mine")
        module.ENVIRONMENTS = listed
        monkeypatch.setitem(sys.modules, "page_of_mine", module)

    yield page
    for env_id in set(entries()) - known:
        entries().pop(env_id)
        gym.registry.pop(env_id, None)


def test_an_id_behind_a_page_is_looked_for_on_that_page_alone(page):
    page(_entry("mine/Guess-v0"))
    with pytest.raises(
        UnknownEnvironmentError, match=r"'GuessNumber-v0' on the page 'page_of_mine': .*'mine/Guess-v0'"
    ):
        find("page_of_mine:GuessNumber-v0")
    with pytest.raises(UnknownEnvironmentError, match=r"exists as mine/Guess-v0"):
        find("page_of_mine:mine/Guess-v2")


def test_an_id_that_a_page_wants_and_somebody_has_is_not_given_for_the_pages(page):
    page(_entry(GUESS), _entry("mine/Other-v0"))
    with (
        pytest.warns(UserWarning, match=f"the id {GUESS} is taken already"),
        pytest.raises(UnknownEnvironmentError, match="on the page 'page_of_mine'"),
    ):
        find(f"page_of_mine:{GUESS}")
    with pytest.warns(UserWarning, match="taken already"):
        assert find("page_of_mine:mine/Other-v0").domain == "tests"


def test_a_page_that_lists_something_else_is_refused_by_name(page):
    page("mine/Guess-v0")
    with pytest.raises(TypeError, match=r"a page lists textgym.Entry objects, not str"):
        find("page_of_mine:mine/Guess-v0")


def test_settings_of_an_entry_are_those_of_its_class(monkeypatch):
    page = ModuleType("a_page_with_settings")
    page.ENVIRONMENTS = (_entry("paged/Small-v0", settings=(("high", 5),)),)
    monkeypatch.setitem(sys.modules, "a_page_with_settings", page)
    try:
        assert make("a_page_with_settings:paged/Small-v0").config.high == 5
        assert make("paged/Small-v0", high=6).config.high == 6
    finally:
        entries().pop("paged/Small-v0", None)
        gym.registry.pop("paged/Small-v0", None)


@pytest.mark.parametrize("env_id", ["NoVersion", "mine/Env", "mine/Env-v", "a/b/C-v0", "mine/En v-v0", ""])
def test_an_entry_needs_a_proper_id(env_id):
    with pytest.raises(ValueError, match="must look like 'namespace/Name-v0'"):
        _entry(env_id)


def test_an_entry_as_json():
    import json

    listed = _entry("mine/Env-v0", tags=("a", "b"), settings=(("high", 5),)).as_json()
    assert json.loads(json.dumps(listed)) == listed
    assert listed["tags"] == ["a", "b"]
    assert listed["settings"] == {"high": 5}


def test_what_is_missing_is_an_extra_that_is_not_installed(monkeypatch):
    entry = _entry("mine/Env-v0", needs=("sandbox", "one-extra", "another-extra"))
    assert missing(entry) == ()
    monkeypatch.setitem(PACKAGES, "one-extra", "no_module_of_this_name")
    monkeypatch.setitem(PACKAGES, "another-extra", "json")
    assert missing(entry) == ("one-extra",)


@pytest.mark.parametrize("entry", [entry for entry in ours().values() if missing(entry)], ids=lambda entry: entry.id)
def test_an_environment_without_its_extra_says_how_to_install_it(entry):
    with pytest.raises(textgym.core.OptionalDependencyError, match=r"pip install 'textgym\[") as raised:
        make(entry.id)
    assert all(extra in str(raised.value) for extra in missing(entry))


def _entry(env_id, **fields):
    return Entry(
        id=env_id,
        entry_point="textgym.envs.math.guess_number:GuessNumber",
        summary="For the tests.",
        domain="tests",
        **fields,
    )


# -- third parties' pages, as entry points that are really installed (as a folder with metadata on the path) -------------


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a distribution with this entry point and these modules on the path, and the registry back afterwards."""

    def install(point, **modules):
        for name, text in modules.items():
            (tmp_path / f"{name}.py").write_text(text)
        metadata = tmp_path / "thirdparty-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: thirdparty\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[textgym.envs]\n{point}\n")
        monkeypatch.syspath_prepend(tmp_path)
        entries.cache_clear()

    yield install
    monkeypatch.undo()
    entries.cache_clear()
    entries()


PAGE = """
from textgym.registry import Entry
ENVIRONMENTS = [Entry({id!r}, "textgym.envs.math.guess_number:GuessNumber", "Theirs.", "theirs")]
"""


def test_a_third_partys_page_is_listed_after_ours(install):
    install("mine = tp_good", tp_good=PAGE.format(id="theirs/Guess-v0"))
    assert list(entries())[-1] == "theirs/Guess-v0"
    entry = entries()["theirs/Guess-v0"]
    assert (entry.domain, entry.summary) == ("theirs", "Theirs.")


def test_an_entry_point_may_name_the_list_itself(install):
    install("mine = tp_list:ENVIRONMENTS", tp_list=PAGE.format(id="theirs/Guess-v0"))
    assert "theirs/Guess-v0" in entries()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("raise RuntimeError('their bug')", "RuntimeError: their bug"),
        ("import a_module_that_is_not_there", "ModuleNotFoundError"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("this is no python", "SyntaxError"),
        ("ENVIRONMENTS = ['theirs/Guess-v0']", "a page lists textgym.Entry objects, not str"),
        ("ENVIRONMENTS = None", "TypeError"),
        ("from textgym.registry import Entry\nENVIRONMENTS = [Entry('no id', '', '', '')]", "must look like"),
        ("", "TypeError"),
    ],
)
def test_a_broken_page_of_a_third_party_only_warns(install, page, words):
    install("mine = tp_broken", tp_broken=page)
    sys.modules.pop("tp_broken", None)
    with pytest.warns(UserWarning, match="entry point 'mine' = 'tp_broken' is left out") as caught:
        known = entries()
    assert words in str(caught[0].message)
    assert GUESS in known


def test_an_id_that_is_taken_stays_ours(install):
    install("mine = tp_taken", tp_taken=PAGE.format(id=GUESS))
    with pytest.warns(UserWarning, match=f"the id {GUESS} is taken already"):
        assert entries()[GUESS].domain == "math"


def test_gymnasiums_checker_finds_nothing_to_warn_of():
    for env_id in [entry.id for entry in ours().values() if not missing(entry)]:
        check_env(gym.make(env_id, render_mode="ansi"))


def test_our_own_pages_warn_of_nothing():
    entries.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert entries()
    assert textgym.entries is entries
