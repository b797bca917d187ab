"""Policies by name, and what importing them costs."""

import subprocess
import sys

import pytest

from textgym.policies import (
    ChatEndpoint,
    Human,
    Noop,
    Oracle,
    PolicySettingError,
    RandomPolicy,
    as_policy,
    policy_by_name,
)


@pytest.mark.parametrize(
    ("name", "kind"), [("oracle", Oracle), ("noop", Noop), ("random", RandomPolicy), ("human", Human)]
)
def test_policies_that_need_nothing_but_their_name(name, kind):
    assert isinstance(policy_by_name(name), kind)
    assert isinstance(as_policy(name), kind)


def test_an_endpoint_names_its_model_and_where_it_is():
    policy = policy_by_name("openai:org/model@2024:free@http://127.0.0.1:8000/v1")
    assert isinstance(policy, ChatEndpoint)
    assert policy.describe() == {
        "name": "openai",
        "model": "org/model@2024:free",
        "base_url": "http://127.0.0.1:8000/v1",
    }


def test_without_a_url_an_endpoint_is_where_the_environment_says(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert policy_by_name("openai:m").describe()["base_url"] == "https://api.openai.com/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1/")
    assert policy_by_name("openai:m").describe()["base_url"] == "http://127.0.0.1:9/v1"


def test_settings_reach_the_endpoint():
    policy = policy_by_name("openai:m", base_url="http://127.0.0.1:9/v1", temperature=0.5, seed="turn")
    assert policy.describe()["sampling"] == {"temperature": 0.5, "seed": "turn"}


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("orcale", {}, "did you mean 'oracle'"),
        ("scirpt:file", {}, "did you mean 'script'"),
        ("opneai:m", {}, "did you mean 'openai'"),
        ("", {}, "choose from"),
        ("script", {}, "write script:FILE"),
        ("script:", {}, "write script:FILE"),
        ("openai", {}, "write openai:MODEL"),
        ("openai:", {}, "names no model"),
        ("openai:@http://127.0.0.1:8000/v1", {}, "names no model"),
        ("http://127.0.0.1:8000/v1", {}, "a URL names no model"),
        ("openai:m@http://127.0.0.1:8000/v1", {"base_url": "http://127.0.0.1:9/v1"}, "given twice"),
        ("openai:m@http://127.0.0.1:8000/v1", {"temprature": 1}, "did you mean 'temperature'"),
        ("oracle", {"temperature": 1}, "takes no settings"),
    ],
)
def test_a_wrong_name_or_setting_says_what_to_write(name, settings, message):
    with pytest.raises(PolicySettingError, match=message):
        policy_by_name(name, **settings)


def test_a_wrong_name_is_a_value_error():
    with pytest.raises(ValueError, match="no policy 'nobody'"):
        as_policy("nobody")


def test_importing_policies_imports_no_http_client_and_no_terminal():
    heavy = ("httpx", "rich", "http.client")
    code = f"import sys, textgym.policies; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
