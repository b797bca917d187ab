"""textgym bank: what is there, and what is wrong in clear words."""

from envs.code.sample_sdist import Index, catalogue_of
from textgym.envs.code.bank import service
from textgym.envs.code.bank.cache import archive_path
from textgym.envs.code.bank.catalogue import catalogue
from textgym.envs.code.bank.recipes import served


def test_list_shows_every_package_with_its_numbers(textgym):
    shown = textgym("bank", "list", "--json").json
    assert [row["package"] for row in shown["packages"]] == [spec.label for spec in catalogue().packages]
    ready = {spec.label for spec in served(catalogue())}
    assert {row["package"] for row in shown["packages"] if row["tasks"]} == ready
    assert shown["tasks"] == sum(row["tasks"] or 0 for row in shown["packages"])
    text = textgym("bank", "list").out
    assert all(spec.label in text for spec in catalogue().packages)


def test_an_unknown_package_is_named_with_the_closest(textgym):
    for verb in ("list", "fetch", "build", "verify"):
        ended = textgym("bank", verb, "inflecton")
        assert ended.code == 2
        assert "inflection" in ended.err


def test_without_a_network_fetching_says_what_to_do(textgym, monkeypatch, tmp_path):
    monkeypatch.setenv("TEXTGYM_CACHE", str(tmp_path))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    ended = textgym("bank", "fetch", "inflection")
    assert ended.code == 1
    assert "127.0.0.1" in ended.err
    assert "textgym bank fetch" in ended.err
    assert not any(row["cached"] for row in textgym("bank", "list", "--json").json["packages"])


def test_a_damaged_archive_is_fetched_anew_and_named(textgym, monkeypatch, tmp_path):
    index = Index(tmp_path / "index")
    small = catalogue_of(index)
    monkeypatch.setattr(service, "catalogue", lambda: small)
    monkeypatch.setenv("TEXTGYM_CACHE", str(tmp_path / "cache"))
    for setting in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.setenv(setting, index.address)
    first = textgym("bank", "fetch", "shapes")
    assert (first.code, "damaged" in first.err) == (0, False)
    kept = archive_path(small.packages[0])
    whole = kept.read_bytes()

    kept.write_bytes(whole + b"garbage")
    again = textgym("bank", "fetch", "shapes")
    assert again.code == 0
    assert f"{kept} was damaged" in again.err
    assert "1 of them fetched now" in again.err
    assert kept.read_bytes() == whole

    kept.write_bytes(whole + b"garbage")
    assert textgym("bank", "fetch", "shapes", "--json").json["damaged"] == [str(kept)]
    assert textgym("bank", "fetch", "shapes", "--json").json == {
        "packages": 1,
        "archives": 1 + len(small.tools),
        "fetched": 0,
        "damaged": [],
    }

    kept.write_bytes(whole + b"garbage")
    for setting in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.setenv(setting, "http://127.0.0.1:9/simple")
    offline = textgym("bank", "fetch", "shapes")
    assert offline.code == 1
    assert f"{kept} is damaged" in offline.err


def test_recipes_go_into_a_folder_that_exists(textgym, tmp_path):
    ended = textgym("bank", "build", "inflection", "--out", tmp_path / "none")
    assert ended.code == 2
    assert "no such folder" in ended.err
