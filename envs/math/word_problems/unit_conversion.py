"""UnitConversion: the same quantity in another unit, exactly."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer
from textgym.graders.units import find_unit

_METRIC = {
    "length": ("mm", "cm", "m", "km"),
    "mass": ("g", "kg", "tonnes"),
    "time": ("seconds", "minutes", "hours", "days", "weeks"),
    "area": ("square metres", "hectares", "square kilometres"),
    "volume": ("ml", "litres", "cubic metres"),
}
_DEFINED = {
    "length": {"inches": "inch", "feet": "foot", "yards": "yard", "miles": "mile"},
    "mass": {"ounces": "ounce", "pounds": "pound"},
    "time": {},
    "area": {"square feet": "square foot", "acres": "acre"},
    "volume": {"cubic inches": "cubic inch", "gallons": "gallon"},
}
"""Units that a question defines, with their singular."""
_SINGULAR = {plural: singular for units in _DEFINED.values() for plural, singular in units.items()}
_MEASURES = {unit: quantity for quantity, units in _DEFINED.items() for unit in units}
_BASE = {"length": "m", "mass": "kg", "area": "square metres", "volume": "cubic metres"}
_QUANTITIES: dict[str, tuple[str, ...]] = {
    "length": ("length",),
    "mass": ("mass",),
    "time": ("time",),
    "area": ("area",),
    "volume": ("volume",),
    "speed": ("length", "time"),
    "flow": ("volume", "time"),
    "growth": ("area", "time"),
    "throughput": ("mass", "time"),
    "density": ("mass", "volume"),
    "load": ("mass", "area"),
    "consumption": ("volume", "length"),
    "rainfall": ("volume", "area"),
}


class UnitConversionConfig(LevelledConfig):
    """Knobs of UnitConversion."""

    digits: int = Field(4, ge=1, le=12, description="most digits of the number that is converted")
    decimals: int = Field(2, ge=0, le=6, description="most digits behind its point")
    quotients: bool = Field(True, description="also speeds, densities and other quotients of two units")

    levels: ClassVar[Levels] = {"easy": {"quotients": False}, "hard": {"digits": 7, "decimals": 4}}


class UnitConversion(RationalAnswer[UnitConversionConfig]):
    """Write a quantity in another unit, exactly.

    Observation: a number with its unit, the unit that is asked for, and the definitions of units that are not metric.
    Action: the number inside one <answer></answer>, without its unit: a whole number, a fraction p/q in lowest terms or
        not, or a decimal, compared exactly and never rounded. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the number, else 0.
    Ends: after the answer.
    Splits: by the two units.
    Oracle: gives the number.

    Quantities are lengths, masses, times, areas, volumes, and quotients of two of them such as speed and density. The
    difficulty of a task is the number of units that change.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        quantities = [name for name, parts in _QUANTITIES.items() if config.quotients or len(parts) == 1]
        parts = _QUANTITIES[rng.choice(quantities)]
        given, wanted = ([rng.choice((*_METRIC[part], *_DEFINED[part])) for part in parts] for _ in range(2))
        if given == wanted:
            raise RedrawError("the same unit")
        family = rng.claim(f"{given} in {wanted}")
        number = Fraction(rng.randint(1, 10**config.digits - 1), 10 ** rng.randint(0, config.decimals))
        answer = number * _factor(given) / _factor(wanted)
        if answer == number or answer in (0, 1):
            raise RedrawError("nothing to do")
        defined = [unit for unit in dict.fromkeys(given + wanted) if unit in _SINGULAR]
        definitions = [f"1 {_SINGULAR[unit]} = {decimal(_factor([unit]))} {_BASE[_MEASURES[unit]]}" for unit in defined]
        listed = f" By definition, {', '.join(definitions)}." if definitions else ""
        return Task(
            prompt=self.ask(
                f"Convert {decimal(number)} {_written(given)} to {_written(wanted)}.{listed} Give the exact "
                "number, not rounded "
                "and without its unit."
            ),
            secret={"answer": str(answer)},
            data={"from": given, "to": wanted, "number": str(number)},
            family=family,
            difficulty=sum(one != other for one, other in zip(given, wanted, strict=True)),
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer, number = Fraction(task.secret["answer"]), Fraction(task.data["number"])
        return super().cheats(task) | {
            "the number as it is": [committed(str(number))],
            "the conversion the other way": [committed(str(number * number / answer))],
            "with its unit": [committed(f"{answer} {_written(task.data['to'])}")],
        }


def _factor(units: list[str]) -> Fraction:
    """Base units in one of these, the second unit below the line."""
    factors = [Fraction(1)]
    for unit in units:
        found = find_unit(unit)
        assert found is not None, unit
        factors.append(found.factor)
    return factors[1] if len(units) == 1 else factors[1] / factors[2]


def _written(units: list[str]) -> str:
    below = [_SINGULAR.get(unit, unit.removesuffix("s")) for unit in units[1:]]
    return " per ".join([units[0], *below])


def decimal(number: Fraction) -> str:
    """A fraction whose denominator has no prime divisors but 2 and 5, as a decimal."""
    places = 0
    while (number * 10**places).denominator > 1:
        places += 1
    digits = str(int(number * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits
