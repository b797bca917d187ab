"""What an export is made of: a stream of JSON objects, in a shape for each purpose."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from textgym.core import Message
from textgym.episodes.record import Episode


def flat_rows(episodes: Iterable[Episode]) -> Iterator[dict[str, Any]]:
    """One object an episode, failed and masked ones included; the reward of a masked one is None.

    Keys: `episode_id, env_id, config, task_id, seed, split, index, group, sibling, reward, success, status, stop_reason,
    turns, rewards, messages, policy, attempts`. `turns` is their number, `rewards` has one number a turn, and
    `messages` is the whole conversation, the environment's last words included.
    """
    for episode in episodes:
        record = episode.as_json()
        yield {
            "episode_id": episode.episode_id,
            "env_id": episode.env_id,
            "config": record["config"],
            "task_id": episode.task_id,
            "seed": episode.seed,
            "split": episode.split,
            "index": episode.index,
            "group": episode.group,
            "sibling": episode.sibling,
            "reward": episode.reward,
            "success": episode.success,
            "status": episode.outcome.status.value,
            "stop_reason": episode.outcome.stop_reason.value,
            "turns": len(episode.turns),
            "rewards": [turn.reward for turn in episode.turns],
            "messages": episode.messages,
            "policy": record["policy"],
            "attempts": episode.attempts,
        }


def sft_rows(episodes: Iterable[Episode], min_reward: float | None = None) -> Iterator[dict[str, Any]]:
    """Conversations to imitate: `{"messages": [...]}`, as fine-tuning APIs and trainers read it.

    The environment's words after the last action are left out, so that each conversation ends with the policy's.

    Args:
        episodes: the records.
        min_reward: take episodes that earned at least this; by default, those that solved their task. Masked ones, and
            those without a turn, are never taken.
    """
    for episode in episodes:
        if episode.reward is None or not episode.turns:
            continue
        if episode.success if min_reward is None else episode.reward >= min_reward:
            yield {"messages": _up_to_last_action(episode)}


def preference_rows(
    episodes: Iterable[Episode], group_size: int | None = None, min_gap: float = 0.0
) -> Iterator[dict[str, Any]]:
    """The best and the worst episode of each group as a pair, for preference training.

    Keys: `prompt`, `chosen` and `rejected` are lists of messages, the latter two without the prompt and without the
    environment's last words; `task_id`, and id and reward of both (`chosen_id`, `chosen_reward`, ...). A group whose
    rewards are all equal gives no pair, and masked episodes take no part. Of equals the lowest sibling is taken, so the
    pairs do not depend on the order in which episodes finished.

    At most two episodes of each group that is still coming in are in memory.

    Args:
        episodes: the records.
        group_size: size of a complete group; without it every group is held to the end.
        min_gap: rewards must differ by more than this.
    """
    open_groups: dict[tuple[str, int], _Group] = {}
    for episode in episodes:
        key = (episode.task_id, episode.group)
        group = open_groups.setdefault(key, _Group())
        group.add(episode)
        if group.seen == group_size:
            del open_groups[key]
            yield from group.pair(min_gap)
    for group in open_groups.values():
        yield from group.pair(min_gap)


@dataclass(slots=True)
class _Group:
    seen: int = 0
    best: tuple[float, Episode] | None = None
    worst: tuple[float, Episode] | None = None

    def add(self, episode: Episode) -> None:
        self.seen += 1
        reward = episode.reward
        if reward is None or not episode.turns:
            return
        if self.best is None or (-reward, episode.sibling) < (-self.best[0], self.best[1].sibling):
            self.best = reward, episode
        if self.worst is None or (reward, episode.sibling) < (self.worst[0], self.worst[1].sibling):
            self.worst = reward, episode

    def pair(self, min_gap: float) -> Iterator[dict[str, Any]]:
        if self.best is None or self.worst is None or self.best[0] - self.worst[0] <= min_gap:
            return
        (_, best), (_, worst) = self.best, self.worst
        yield {
            "prompt": best.messages[:1],
            "chosen": _up_to_last_action(best)[1:],
            "rejected": _up_to_last_action(worst)[1:],
            "task_id": best.task_id,
            "chosen_id": best.episode_id,
            "chosen_reward": best.reward,
            "rejected_id": worst.episode_id,
            "rejected_reward": worst.reward,
        }


def _up_to_last_action(episode: Episode) -> list[Message]:
    return episode.messages[:-1]
