"""`textgym run`: many episodes of one environment, stored, counted, and resumable."""

import shlex
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast, get_args

import typer

from textgym.cli.exits import CommandError, ExitCode, leave
from textgym.cli.interrupts import Interrupts
from textgym.cli.options import AsJson, EnvId, Settings, SplitName, named_path, read_settings
from textgym.cli.policy_options import (
    ApiKeyEnv,
    BaseUrl,
    MaxTokens,
    Model,
    PolicyName,
    PolicySettings,
    System,
    Temperature,
    read_policy,
)
from textgym.cli.screen import console, note, print_json, several

if TYPE_CHECKING:
    from textgym.cli.tally import Tally
    from textgym.core import Execution, TextEnv
    from textgym.episodes import Episode, EpisodeStore, Manifest
    from textgym.policies import AnyPolicy
    from textgym.runner.rollout import RunSettings

_HOW = "How it is carried out"

Stopped = Literal["interrupted", "failures"]


def run(
    env_id: EnvId,
    *,
    policy: PolicyName = None,
    episodes: Annotated[int, typer.Option("--episodes", "-n", min=1, help="How many, over all groups.")] = 100,
    concurrency: Annotated[int, typer.Option("--concurrency", "-c", min=1, help="Episodes at the same time.")] = 64,
    group_size: Annotated[int, typer.Option(min=1, help="Episodes on the same task.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Group g works on the task of seed + g.")] = 0,
    split: SplitName = None,
    settings: Settings = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            parser=named_path,
            help="Directory to store the episodes in.",
            show_default=False,
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in --out; begin it if there is none.")
    ] = False,
    retry_failed: Annotated[
        bool,
        typer.Option("--retry-failed", help="With --resume: play the episodes without a reward again."),
    ] = False,
    retries: Annotated[
        int, typer.Option(min=0, help="Times to play an episode again when its machinery failed.", rich_help_panel=_HOW)
    ] = 0,
    max_failures: Annotated[
        int,
        typer.Option(min=1, help="Stop after so many episodes in a row without a reward.", rich_help_panel=_HOW),
    ] = 100,
    deadline: Annotated[
        float | None,
        typer.Option(
            min=0.001, help="Wall-clock limit of an episode, in seconds.", rich_help_panel=_HOW, show_default=False
        ),
    ] = None,
    execution: Annotated[
        str | None,
        typer.Option(
            metavar="WHERE",
            help="Where environments step: inline, async, thread or process; else what suits them.",
            rich_help_panel=_HOW,
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Threads or worker processes; 0 for as many as suit.", rich_help_panel=_HOW)
    ] = 0,
    prefetch: Annotated[
        int, typer.Option(min=0, help="Tasks made ahead, where making one is slow.", rich_help_panel=_HOW)
    ] = 0,
    model: Model = None,
    base_url: BaseUrl = None,
    api_key_env: ApiKeyEnv = None,
    temperature: Temperature = None,
    max_tokens: MaxTokens = None,
    system: System = None,
    policy_settings: PolicySettings = None,
    as_json: AsJson = False,
) -> None:
    """Play many episodes, and say how they went. With --out they are stored, and Ctrl-C leaves a run to --resume."""
    from textgym.cli.tally import Tally

    if episodes % group_size:
        raise CommandError(
            f"--episodes {episodes} must be a multiple of --group-size {group_size}: groups are played whole"
        )
    if resume and out is None:
        raise CommandError("--resume needs --out: the directory of the run to go on with")
    if retry_failed and not resume:
        raise CommandError("--retry-failed goes with --resume: it drops the failed episodes of a stored run")
    player = read_policy(
        policy,
        model,
        policy_settings,
        base_url=base_url,
        api_key_env=api_key_env,
        temperature=temperature,
        max_tokens=max_tokens,
        system=system,
    )
    env, manifest = _plan(
        env_id, read_settings(settings), player, seed=seed, episodes=episodes, group_size=group_size, split=split
    )
    how: RunSettings = {
        "concurrency": 1 if player.name == "human" else concurrency,
        "execution": _checked_execution(execution),
        "workers": workers,
        "prefetch": prefetch,
        "deadline": deadline,
        "retries": retries,
    }
    tally = Tally(group_size)
    with nullcontext() if out is None else _store(out, manifest, resume, retry_failed) as store:
        if store is not None and store.count():
            for episode in store:
                tally.add(episode, stored=True)
        stopped = _play(env, player, manifest, tally, how, store=store, max_failures=max_failures)
    _report(manifest, tally, out, stopped, as_json)


def _plan(
    env_id: str,
    settings: dict[str, Any],
    player: "AnyPolicy",
    *,
    seed: int,
    episodes: int,
    group_size: int,
    split: str | None,
) -> tuple["TextEnv[Any, Any]", "Manifest"]:
    from textgym.core.randomness import check_split
    from textgym.episodes import Manifest
    from textgym.registry import make, page_named

    try:
        checked = None if split is None else check_split(split)
    except ValueError as error:
        raise CommandError(f"--split: {error}") from None
    env = make(env_id, **settings)
    manifest = Manifest(
        env_id=env.env_id,
        page=page_named(env_id),
        config=env.config.model_dump(mode="json", exclude_defaults=True),
        policy=player.describe(),
        seed=seed,
        episodes=episodes,
        group_size=group_size,
        split=checked,
    )
    return env, manifest


def _checked_execution(name: str | None) -> "Execution | None":
    from textgym.core import Execution
    from textgym.core.errors import did_you_mean

    for known in get_args(Execution):
        if name == known:
            return cast("Execution", known)
    if name is None:
        return None
    raise CommandError(f"--execution {name!r}: {did_you_mean(name, get_args(Execution))}")


def _store(out: Path, manifest: "Manifest", resume: bool, retry_failed: bool) -> "EpisodeStore":
    from textgym.episodes import EpisodeStore

    if not (out / "run.json").exists():
        return EpisodeStore.create(out, manifest)
    if resume:
        return EpisodeStore.resume(out, manifest, drop_masked=retry_failed)
    old = EpisodeStore.open(out)
    of = "" if old.manifest.episodes is None else f" of {old.manifest.episodes:,}"
    if old.complete:
        raise CommandError(
            f"{out} holds a finished run of {several(old.count(), 'episode')}: look at it with `textgym view {out}`, lengthen it "
            "with --resume and more --episodes, or choose another --out"
        )
    raise CommandError(
        f"{out} holds an unfinished run, {old.count():,}{of} episodes: go on with --resume, or choose another --out"
    )


def _play(
    env: "TextEnv[Any, Any]",
    player: "AnyPolicy",
    manifest: "Manifest",
    tally: "Tally",
    how: "RunSettings",
    *,
    store: "EpisodeStore | None",
    max_failures: int,
) -> Stopped | None:
    """Play what is not stored yet; None if all of it was played, else why not."""
    from textgym.cli.progress import run_progress
    from textgym.runner import rollout

    assert manifest.episodes is not None
    stream = rollout(
        env,
        player,
        episodes=manifest.episodes,
        group_size=manifest.group_size,
        seed=manifest.seed,
        split=manifest.split,
        skip=frozenset() if store is None else store.finished_ids(),
        **how,
    )
    shown = sys.stderr.isatty() and player.name != "human"
    with (
        Interrupts.caught() as interrupts,
        closing(stream),
        run_progress(manifest.episodes, tally.episodes, shown) as show,
    ):
        failures = 0
        try:
            while failures < max_failures:
                with interrupts.allowed():
                    episode = next(stream, None)
                if episode is None:
                    return None
                if store is not None:
                    episode = _stored(store, episode)
                tally.add(episode)
                show(tally)
                failures = failures + 1 if episode.reward is None else 0
            return "failures"
        except KeyboardInterrupt:
            if sys.stderr.isatty() and not shown:
                note("")  # after the ^C that the terminal echoed
            return "interrupted"


def _stored(store: "EpisodeStore", episode: "Episode") -> "Episode":
    """Store an episode; one with what JSON cannot hold, masked and without it. What is stored is returned."""
    from textgym.episodes import RecordError, masked

    try:
        store.append(episode)
    except RecordError as error:
        episode = masked(episode, str(error))
        store.append(episode)
    return episode


def _report(manifest: "Manifest", tally: "Tally", out: Path | None, stopped: Stopped | None, as_json: bool) -> None:
    """Print the sums, say how to go on where something is left, and end with the exit code."""
    from textgym.cli.tally import summary_table

    sums = tally.as_json()
    again = None if stopped is None or out is None else _resume_command()
    if as_json:
        about = manifest.model_dump(mode="json", include={"env_id", "config", "policy", "seed", "split", "group_size"})
        whole = {"requested": manifest.episodes, "out": None if out is None else str(out), "finished": stopped is None}
        print_json({**about, **whole, "stopped": stopped, "resume": again, **sums})
    else:
        screen = console()
        head = f"{manifest.env_id}, {manifest.policy.get('name', 'policy')}"
        screen.print(head if out is None else f"{head}, in {out}", style="bold")
        screen.print(summary_table(sums))
    if stopped is not None:
        left = several((manifest.episodes or 0) - sums["episodes"], "episode")
        why = (
            "interrupted" if stopped == "interrupted" else "stopped after too many episodes in a row without a reward,"
        )
        kept = "nothing is stored without --out" if again is None else "every finished one is stored. Go on with:"
        note(f"{why} with {left} to go; {kept}")
        if again is not None:
            sys.stderr.write(f"  {again}\n")  # on one line, however long, so that it can be copied
    if stopped == "interrupted":
        leave(ExitCode.INTERRUPTED if again is None else ExitCode.RESUMABLE)
    if stopped is not None or sums["without_reward"]:
        leave(ExitCode.FAILED)


def _resume_command() -> str:
    """The command that was typed, with `--resume`."""
    given = sys.argv[1:]
    return shlex.join(["textgym", *given, *([] if "--resume" in given else ["--resume"])])
