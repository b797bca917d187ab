"""What a run adds up to: counted while episodes come in, in memory that does not grow with their number."""

import math
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from textgym.episodes import Episode

_Z95 = 1.959963984540054
_KINDS_OF_ERRORS = 20


@dataclass(slots=True)
class ClusteredMean:
    """A mean over episodes whose errors are alike within a group, since its siblings work on the same task.

    With n_g episodes of sum s_g in group g, the mean is m = S/N, and its variance G/(G-1) * sum((s_g - m n_g)^2) / N^2:
    the cluster-robust estimate of a ratio mean (Cochran, Sampling Techniques, section 6.5). With one episode a group it
    is the usual standard error.
    """

    groups: int = 0
    n: int = 0
    total: float = 0.0
    _ss: float = 0.0
    _sn: float = 0.0
    _nn: float = 0.0

    def add(self, n: int, total: float) -> None:
        """Count a whole group: how many of its episodes count, and their sum."""
        if n:
            self.groups += 1
            self.n += n
            self.total += total
            self._ss += total * total
            self._sn += total * n
            self._nn += n * n

    @property
    def mean(self) -> float | None:
        """The mean; None of nothing."""
        return self.total / self.n if self.n else None

    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval by the normal approximation; None of fewer than two groups."""
        if self.groups < 2:
            return None
        mean = self.total / self.n
        squares = max(0.0, self._ss - 2 * mean * self._sn + mean * mean * self._nn)
        half = _Z95 * math.sqrt(self.groups / (self.groups - 1) * squares) / self.n
        return mean - half, mean + half


@dataclass(slots=True)
class _Group:
    seen: int = 0
    rewarded: int = 0
    reward: float = 0.0
    successes: int = 0


@dataclass(slots=True)
class Tally:
    """The sums of a run.

    Attributes:
        group_size: siblings a group; a group is closed, and its sums forgotten, when all have come.
        episodes: episodes counted, those of an earlier part of the run included.
        stored: how many of them an earlier part had finished.
        binary: whether every reward so far is 0 or 1.
    """

    group_size: int = 1
    episodes: int = 0
    stored: int = 0
    turns: int = 0
    turns_now: int = 0
    rewarded: int = 0
    successes: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    stop_reasons: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    usage: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    binary: bool = True
    _reward: ClusteredMean = field(default_factory=ClusteredMean)
    _success: ClusteredMean = field(default_factory=ClusteredMean)
    _open: dict[int, _Group] = field(default_factory=dict)
    _wall: float = field(default_factory=time.monotonic)
    _cpu: float = field(default_factory=time.process_time)

    def add(self, episode: "Episode", *, stored: bool = False) -> None:
        """Count an episode; `stored` if an earlier part of the run had finished it."""
        self.episodes += 1
        self.stored += stored
        self.turns += len(episode.turns)
        self.turns_now += 0 if stored else len(episode.turns)
        outcome = episode.outcome
        self.statuses[outcome.status.value] += 1
        self.stop_reasons[outcome.stop_reason.value] += 1
        if outcome.error and (outcome.error in self.errors or len(self.errors) < _KINDS_OF_ERRORS):
            self.errors[outcome.error] += 1
        for name, seconds in episode.timings.items():
            self.seconds[name] += seconds
        for turn in episode.turns:
            if turn.completion is not None and turn.completion.usage:
                for name, value in turn.completion.usage.items():
                    if isinstance(value, int | float) and not isinstance(value, bool):
                        self.usage[name] += value
        group = self._open.setdefault(episode.group, _Group())
        group.seen += 1
        if episode.reward is not None:
            self.rewarded += 1
            self.successes += outcome.success
            self.binary = self.binary and episode.reward in (0.0, 1.0)
            group.rewarded += 1
            group.reward += episode.reward
            group.successes += outcome.success
        if group.seen == self.group_size:
            self._close(self._open.pop(episode.group))

    def _close(self, group: _Group) -> None:
        self._reward.add(group.rewarded, group.reward)
        self._success.add(group.rewarded, group.successes)

    @property
    def success_rate(self) -> float | None:
        """The share of solved episodes among those with a reward."""
        return self.successes / self.rewarded if self.rewarded else None

    @property
    def elapsed(self) -> float:
        """Wall time of this part of the run, in seconds."""
        return max(1e-9, time.monotonic() - self._wall)

    def as_json(self) -> dict[str, Any]:
        """The sums as JSON values; rates are of this part of the run alone. To be called once, at the end."""
        for group in self._open.values():
            self._close(group)
        self._open.clear()
        reward, success = self._reward.interval(), self._success.interval()
        if self.group_size == 1 and self.rewarded:
            # Of independent yes-or-no trials Wilson's interval stays honest at 0 and 1, where the other has no width.
            from textgym.diagnostics.intervals import wilson

            success = wilson(self.successes, self.rewarded)
            if self.binary:
                reward = wilson(round(self._reward.total), self.rewarded)
        elapsed = self.elapsed
        return {
            "episodes": self.episodes,
            "episodes_before": self.stored,
            "without_reward": self.episodes - self.rewarded,
            "reward": {"mean": self._reward.mean, "interval": reward},
            "success": {"solved": self.successes, "rate": self.success_rate, "interval": success},
            "statuses": dict(self.statuses.most_common()),
            "stop_reasons": dict(self.stop_reasons.most_common()),
            "errors": dict(self.errors.most_common()),
            "turns": self.turns,
            "turns_per_episode": self.turns / self.episodes if self.episodes else None,
            "usage": dict(self.usage),
            "wall_seconds": elapsed,
            "cpu_seconds": time.process_time() - self._cpu,
            "episodes_per_second": (self.episodes - self.stored) / elapsed,
            "turns_per_second": self.turns_now / elapsed,
            "episode_seconds": dict(self.seconds),
        }


def summary_table(report: dict[str, Any]) -> "Table":
    """The report of a run as names and values."""
    from textgym.cli.screen import facts

    reward, success = report["reward"], report["success"]
    rows: dict[str, Any] = {
        "episodes": f"{report['episodes']:,}"
        + (f", {report['episodes_before']:,} of them from before" if report["episodes_before"] else ""),
        "mean reward": _with_interval(reward["mean"], reward["interval"], "{:.3f}"),
        "solved": _solved(report) + _with_interval(success["rate"], success["interval"], "{:.1%}"),
    }
    if report["episodes"]:
        rows |= {"status": _counts(report["statuses"]), "stop reason": _counts(report["stop_reasons"])}
    if report["without_reward"]:
        rows["without reward"] = f"{report['without_reward']:,}: leave them out of training"
    if report["errors"]:
        rows["errors"] = "\n".join(f"{times:,} x {error:.300}" for error, times in list(report["errors"].items())[:3])
    if report["turns_per_episode"] is not None:
        rows["turns"] = f"{report['turns']:,}, {report['turns_per_episode']:.2f} an episode"
    if report["usage"]:
        rows["usage"] = _counts(report["usage"])
    rows["throughput"] = (
        f"{report['episodes_per_second']:,.1f} episodes/s, {report['turns_per_second']:,.1f} turns/s; "
        f"{report['wall_seconds']:.1f} s of wall time, {report['cpu_seconds']:.1f} s of CPU"
    )
    seconds = report["episode_seconds"]
    total = seconds.get("total", 0.0)
    if total:
        parts = (f"{name} {spent / total:.0%}" for name, spent in seconds.items() if name != "total")
        rows["an episode's time"] = f"{', '.join(parts)} of {total / report['episodes'] * 1e3:,.2f} ms"
    return facts(rows)


def _solved(report: dict[str, Any]) -> str:
    """How many episodes were solved, in front of their share; empty where no episode has a reward."""
    rewarded = report["episodes"] - report["without_reward"]
    if not rewarded:
        return ""
    return f"{report['success']['solved']:,} of {rewarded:,}{' with a reward' if report['without_reward'] else ''}, "


def _with_interval(value: float | None, interval: tuple[float, float] | None, form: str) -> str:
    if value is None:
        return "none: no episode has a reward"
    if interval is None:
        return form.format(value)
    return f"{form.format(value)}  (95 % interval {form.format(interval[0])} to {form.format(interval[1])})"


def _counts(counts: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:,}" for name, value in counts.items())
