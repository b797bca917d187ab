"""What the files are about: domains with their words, and records drawn for them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from textgym.core import Random


@dataclass(frozen=True, slots=True)
class Domain:
    """A kind of record and the words that go with it.

    Attributes:
        name: what a file of such records is called.
        thing: one record.
        id, who, group, day, amount, status: the names of the columns.
        people: what stands in the column `who`; some hold what files of one kind or another must escape.
        groups: what stands in the column `group`.
        states: what stands in the column `status`.
    """

    name: str
    thing: str
    id: str
    who: str
    group: str
    day: str
    amount: str
    status: str
    people: tuple[str, ...]
    groups: tuple[str, ...]
    states: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the usual order."""
        return (self.id, self.who, self.group, self.day, self.amount, self.status)


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `amount` is in hundredths; None where the file has none."""

    id: int
    who: str
    group: str
    day: date
    amount: int | None
    status: str


@dataclass(frozen=True, slots=True)
class Quirks:
    """What is wrong with the records, whatever the file they stand in.

    Attributes:
        missing: some records have no amount, and are to be left out.
        repeated: some records occur again with other values, and the last one counts.
    """

    missing: bool
    repeated: bool

    def sentences(self, domain: Domain) -> list[str]:
        """What the task says about it."""
        said = []
        if self.repeated:
            said.append(
                f"Where the same {domain.id} occurs more than once, only its last occurrence counts, in the order of the file."
            )
        if self.missing:
            order = "After that, leave out" if self.repeated else "Leave out"
            said.append(f"{order} every {domain.thing} in which {domain.amount} is missing.")
        return said


DOMAINS = (
    Domain(
        "orders", "order", "order", "customer", "region", "placed", "total", "state",
        ("Ann Bell", "O'Neill & Sons", "Marta Díaz", "Lee, Kim and Co", 'The "Blue" Shop', "Nord|Süd", "Jo Hart", "Tan Ltd; West"),
        ("north", "south", "east", "west", "overseas"),
        ("paid", "open", "cancelled"),
    ),
    Domain(
        "loans", "loan", "loan", "reader", "branch", "due", "fine", "outcome",
        ("B. Kowalski", "Ines d'Ávila", "Ray & June Holt", "Ngo, Thi", 'Max "Mo" Ruiz', "P. Stone", "A|B Reading Club", "Vera; Group 2"),
        ("central", "harbour", "hill", "station"),
        ("returned", "late", "lost"),
    ),
    Domain(
        "shipments", "shipment", "shipment", "carrier", "depot", "sent", "weight", "status",
        ("Swift Road", "D'Arcy Lines", "Møller & Bro", "Hill, Dale and Far", 'Cargo "One"', "Rail|Sea", "Pace Freight", "Union; North"),
        ("Lyon", "Porto", "Graz", "Turku", "Split"),
        ("delivered", "moving", "held"),
    ),
    Domain(
        "readings", "reading", "reading", "sensor", "site", "taken", "value", "quality",
        ("roof-1", "roof-2 (new)", "well's head", "gate & yard", 'probe "B"', "tank|left", "cellar, east", "mast; top"),
        ("alpha", "beta", "gamma", "delta"),
        ("good", "fair", "suspect"),
    ),
    Domain(
        "tickets", "ticket", "ticket", "agent", "queue", "closed", "hours", "result",
        ("Sam Oduya", "Zoë Brandt", "K. O'Hara", "Night, Team", 'Bot "Eve"', "Tier 1|2", "Lin & Partners", "Desk; Annex"),
        ("billing", "network", "accounts", "hardware"),
        ("solved", "duplicate", "declined"),
    ),
    Domain(
        "donations", "gift", "gift", "donor", "fund", "received", "amount", "channel",
        ("Ida Sørensen", "The Harts", "J. D'Souza", "Moore, Estate of", 'Club "Ten"', "A|Z Trust", "Bird & Bee", "Anon; Box 9"),
        ("forest", "river", "school", "clinic"),
        ("card", "cash", "transfer"),
    ),
)  # fmt: skip


def draw_records(domain: Domain, count: int, quirks: Quirks, rng: Random) -> list[Record]:
    """Records in the order of the file; with quirks, at least one of each kind that is asked for."""
    start = date(rng.randint(2015, 2025), rng.randint(1, 12), rng.randint(1, 28))
    ids = rng.sample(range(100, 1000), count)
    people = rng.sample(domain.people, min(len(domain.people), max(3, count // 5)))
    records = [
        Record(
            id=number,
            who=rng.choice(people),
            group=rng.choice(domain.groups),
            day=start + timedelta(days=rng.randint(0, 150)),
            amount=rng.choice((rng.randint(1, 999), rng.randint(1_000, 99_999), rng.randint(100_000, 999_999))),
            status=rng.choice(domain.states),
        )
        for number in ids
    ]
    if quirks.missing:
        for place in rng.sample(range(count), max(1, count // 8)):
            records[place] = replace(records[place], amount=None)
    if quirks.repeated:
        for place in sorted(rng.sample(range(count), max(1, count // 8))):
            again = replace(records[place], status=rng.choice(domain.states), amount=rng.randint(1, 999_999))
            records.insert(rng.randint(place + 1, len(records)), again)
    return records


def cleaned(records: list[Record], quirks: Quirks) -> list[Record]:
    """The records that count."""
    if quirks.repeated:
        last = {record.id: record for record in records}
        records = list(last.values())
    return [record for record in records if record.amount is not None]
