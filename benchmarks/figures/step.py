"""One step through `gym.make`, beside the bare call of the environment's own method."""

import functools
import time
from collections.abc import Callable

import gymnasium as gym

import cores
from cores import MISS, GymnasiumGame, PlainGame
from peers import GEM_MISSING, has_gem
from report import Report, Spread, Target
from rounds import Rates
from sizes import Size
from textgym.registry import find


def run(size: Size) -> Report:
    """Every contender takes the same number of steps of one endless episode, many short rounds in turn."""
    report = Report("step", "one step of a trivial environment, one environment alone")
    env_id = find(cores.GUESS).id
    made = gym.make(env_id, max_turns=cores.ENDLESS)
    made.reset(seed=1)
    live = made.unwrapped.episode
    env, task, state = made.unwrapped, live.task, live.state
    plain = PlainGame(cores.ENDLESS)
    plain.start(1)
    theirs = gym.wrappers.OrderEnforcing(gym.wrappers.PassiveEnvChecker(GymnasiumGame(cores.ENDLESS)))
    theirs.reset(seed=1)
    contenders: dict[str, Callable[[str], object]] = {
        "bare call of act()": functools.partial(env.act, task, state),
        "gym.make(...).step": made.step,
        "env.unwrapped.step": env.step,
        "the game without a framework": plain.step,
        "a plain Gymnasium environment in Gymnasium's wrappers": theirs.step,
    }
    if has_gem():
        gem = cores.gem_game()(cores.ENDLESS)
        gem.reset(seed=1)
        contenders["GEM environment"] = gem.step
    else:
        report.left_out.append(GEM_MISSING)
    rates = _rounds(contenders, size.pick(5000, 2000, 20), size.pick(300, 60, 2))
    report.rows = [one.cost(name) for name, one in rates.items()]
    report.targets.append(
        Target(
            "microseconds that gym.make(...).step costs beyond the bare call",
            _beyond(rates, "cpu"),
            "<=",
            1.0,
            "cpu",
            _beyond(rates, "wall"),
        )
    )
    return report


def _rounds(contenders: dict[str, Callable[[str], object]], steps: int, rounds: int) -> dict[str, Rates]:
    """Rounds so short that this process's clock is enough, and looking into /proc would disturb them."""
    rates = {name: Rates() for name in contenders}
    for number in range(rounds + 1):
        for name, step in contenders.items():
            wall, cpu = time.perf_counter(), time.process_time()
            for _ in range(steps):
                step(MISS)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            if number:
                rates[name].wall.append(steps / wall)
                rates[name].cpu.append(steps / cpu)
    return rates


def _beyond(rates: dict[str, Rates], clock: str) -> Spread:
    made, bare = (getattr(rates[name], clock) for name in ("gym.make(...).step", "bare call of act()"))
    return Spread.of([1e6 / a - 1e6 / b for a, b in zip(made, bare, strict=True)])
