"""Names and data as they are found in real home directories, all made up, all drawn with a given generator."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from textgym.core import Random

FIRST_NAMES = (
    "Ada", "Amir", "Anja", "Ben", "Carla", "Chen", "Dana", "Diego", "Elif", "Emma", "Farah", "Felix", "Gita",
    "Hana", "Hugo", "Ines", "Ivan", "Jana", "Jonas", "Kai", "Lena", "Luca", "Maya", "Milo", "Nadia", "Noor", "Olga",
    "Omar", "Pia", "Quinn", "Rosa", "Sami", "Tara", "Theo", "Uma", "Vera", "Wen", "Yara", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Abbas", "Bauer", "Brandt", "Castro", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ito",
    "Jansen", "Kaya", "Keller", "Kumar", "Lang", "Lindqvist", "Martin", "Moreau", "Nakamura", "Novak", "Okafor",
    "Olsen", "Park", "Petrov", "Rossi", "Santos", "Schmidt", "Silva", "Tanaka", "Varga", "Weber", "Wolf", "Yilmaz",
)  # fmt: skip
WORDS = (
    "anchor", "autumn", "basin", "beacon", "bridge", "canyon", "cedar", "cinder", "clover", "cobalt", "copper",
    "coral", "delta", "ember", "falcon", "fern", "flint", "forest", "garnet", "glacier", "granite", "harbor",
    "harvest", "hazel", "heron", "indigo", "island", "ivory", "jasper", "juniper", "kestrel", "lagoon", "lantern",
    "linen", "maple", "marble", "meadow", "meridian", "mistral", "moss", "nectar", "north", "nutmeg", "oasis",
    "ochre", "onyx", "orchid", "otter", "pebble", "pepper", "pine", "plateau", "prairie", "quarry", "quartz",
    "raven", "reed", "ridge", "river", "saffron", "sage", "salmon", "sierra", "silver", "slate", "sparrow",
    "spruce", "summit", "sunset", "thistle", "thunder", "timber", "topaz", "tundra", "valley", "velvet", "violet",
    "walnut", "willow", "winter", "zephyr",
)  # fmt: skip
PROJECTS = (
    "atlas", "billing", "catalog", "checkout", "dashboard", "exporter", "gateway", "importer", "inventory",
    "ledger", "mailer", "notifier", "payments", "planner", "portal", "reporter", "scheduler", "search",
    "storefront", "telemetry", "tracker", "warehouse",
)  # fmt: skip
PLACES = (
    "Accra", "Bergen", "Cork", "Davos", "Evora", "Ghent", "Graz", "Kyoto", "Lima", "Lyon", "Malmo", "Oslo", "Porto",
    "Quito", "Riga", "Split", "Turin", "Utrecht",
)  # fmt: skip
GOODS = (
    "basket", "blanket", "bottle", "bowl", "broom", "bucket", "candle", "chair", "clock", "cup", "desk", "drawer",
    "fork", "glass", "hammer", "kettle", "knife", "ladder", "lamp", "mirror", "mug", "pan", "pillow", "plate",
    "rug", "shelf", "spoon", "stool", "table", "tray", "vase", "whisk",
)  # fmt: skip
MESSAGES = (
    "connection closed by peer",
    "cache refreshed",
    "request completed",
    "retrying in 5 seconds",
    "user signed in",
    "job finished",
    "disk usage at 71 percent",
    "configuration reloaded",
    "timeout while reading response",
    "worker started",
    "queue length is 17",
    "certificate expires soon",
)
PATHS = (
    "/",
    "/index.html",
    "/login",
    "/api/items",
    "/api/orders/42",
    "/static/app.js",
    "/static/site.css",
    "/health",
    "/search?q=500",
    "/img/404.png",
)


def words(rng: Random, count: int) -> list[str]:
    """Different words."""
    return rng.sample(WORDS, count)


def sentence(rng: Random) -> str:
    """Some words in a row."""
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(4, 9)))


def prose(rng: Random, lines: int) -> str:
    """Lines of words."""
    return "".join(f"{sentence(rng)}\n" for _ in range(lines))


def person(rng: Random) -> str:
    """A first and a last name."""
    return f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"


def people(rng: Random, count: int) -> list[str]:
    """Different people."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[person(rng)] = None
    return list(found)


def login(name: str) -> str:
    """A person's name as an account."""
    first, _, last = name.lower().partition(" ")
    return f"{first[0]}{last}"


def address(rng: Random) -> str:
    """An IPv4 address of a private network."""
    return f"10.{rng.randint(0, 40)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


def day(rng: Random, year: int = 2024) -> date:
    """A day of the year."""
    return date(year, 1, 1) + timedelta(days=rng.randrange(365))


def moment(rng: Random, start: datetime, most: int) -> datetime:
    """A later moment, at most so many seconds."""
    return start + timedelta(seconds=rng.randint(1, most))


def seconds(day_of: date, hour: int = 12, minute: int = 0) -> int:
    """A moment of a day as seconds since 1970, in UTC."""
    return int(datetime(day_of.year, day_of.month, day_of.day, hour, minute, tzinfo=UTC).timestamp())


def log_lines(
    rng: Random, count: int, levels: Sequence[str] = ("INFO", "INFO", "INFO", "WARN", "ERROR", "DEBUG")
) -> list[str]:
    """Lines of an application's log, in the order of time: `2024-05-17 08:30:12 LEVEL component: message`."""
    now = datetime(2024, rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 12), tzinfo=UTC)
    components = rng.sample(PROJECTS, 4)
    lines = []
    for _ in range(count):
        now = moment(rng, now, 900)
        lines.append(f"{now:%Y-%m-%d %H:%M:%S} {rng.choice(levels)} {rng.choice(components)}: {rng.choice(MESSAGES)}")
    return lines


def access_lines(rng: Random, count: int, addresses: Sequence[str]) -> list[str]:
    """Lines of a web server's access log, in the order of time."""
    now = datetime(2024, rng.randint(1, 12), rng.randint(1, 27), rng.randint(0, 20), tzinfo=UTC)
    lines = []
    for _ in range(count):
        now = moment(rng, now, 1200)
        method = rng.choice(("GET", "GET", "GET", "POST", "DELETE"))
        status = rng.choice((200, 200, 200, 301, 404, 404, 500, 503))
        lines.append(
            f'{rng.choice(addresses)} - - [{now:%d/%b/%Y:%H:%M:%S} +0000] "{method} {rng.choice(PATHS)} HTTP/1.1" {status} '
            f"{rng.choice((200, 404, 500, rng.randint(100, 9000)))}"
        )
    return lines


def clutter(rng: Random, count: int) -> dict[str, str]:
    """Files that no task is about, by path: what must not be touched."""
    folders = ("misc", "misc/old", "personal", "personal/letters", ".local/share", "downloads")
    names = [
        f"{word}{rng.choice(('.txt', '.md', '.log', '.csv', '.json', '.sh', ''))}"
        for word in words(rng, min(count, 60))
    ]
    return {f"{rng.choice(folders)}/{name}": prose(rng, rng.randint(0, 6)) for name in names}
