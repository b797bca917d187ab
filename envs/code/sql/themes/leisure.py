"""Databases of sport, art, travel and animals."""

from textgym.envs.code.sql.schema import Theme, category, date, flag, real, ref, table, text, whole
from textgym.envs.code.sql.themes.words import CITIES, COUNTRIES, PEOPLE

LIBRARY = Theme(
    "library",
    "a public library",
    (
        table("members", "member", 16, text("name", PEOPLE), category("kind", "child adult senior"),
              date("joined_on", 2012, 2023, "joining date"), category("branch", "north south east west", null=0.15)),
        table("items", "item", 20, text("title", ("Atlas", "Birds", "Clouds", "Deserts", "Engines", "Fables", "Gardens",
              "Herbs", "Islands", "Jazz", "Knots", "Legends")), category("medium", "book film audio map"),
              whole("bought_in", 1998, 2023, "year of purchase", null=0.12), whole("price", 5, 60, step=5),
              flag("rare", "rare")),
        table("loans", "loan", 54, ref("members", "member"), ref("items", "item"),
              date("lent_on", 2022, 2024, "lending date"), date("returned_on", 2022, 2024, "return date", null=0.2),
              whole("renewals", 0, 4, "number of renewals"), whole("fine", 1, 15, null=0.4),
              later=(("lent_on", "returned_on"),)),
    ),
)  # fmt: skip

HOTEL = Theme(
    "hotel",
    "a hotel",
    (
        table("rooms", "room", 14, whole("floor", 1, 6), category("kind", "single double suite"),
              whole("rate", 60, 240, "nightly rate", step=10), flag("sea_view", "facing the sea")),
        table("guests", "guest", 18, text("name", PEOPLE), category("country", COUNTRIES, null=0.15),
              category("status", "new regular star", null=0.12)),
        table("stays", "stay", 46, ref("rooms", "room"), ref("guests", "guest"), whole("nights", 1, 12, "number of nights"),
              date("arrival", 2022, 2024, "arrival date"), whole("extras", 0, 200, "amount paid for extras", step=10,
              null=0.2), whole("score", 1, 10, null=0.25), category("booked_by", "web phone agency desk", "booking channel")),
    ),
)  # fmt: skip

LEAGUE = Theme(
    "league",
    "a football league",
    (
        table("clubs", "club", 8, text("name", ("Rovers", "Albion", "Union", "Dynamo", "Racing", "Olympic", "Sporting",
              "Wanderers")), category("city", CITIES), whole("founded_in", 1890, 1990, "founding year", null=0.15)),
        table("players", "player", 26, ref("clubs", "club", 0.12), text("name", PEOPLE),
              category("position", "keeper defender midfielder forward"), whole("birth_year", 1986, 2006, "year of birth"),
              whole("wage", 2, 60, "weekly wage in thousands", step=2, null=0.12)),
        table("goals", "goal", 50, ref("players", "player"), whole("minute", 1, 90),
              category("kind", "header penalty volley tap", null=0.12), date("scored_on", 2022, 2024, "date"),
              flag("away", "scored away from home")),
        table("injuries", "injury", 24, ref("players", "player"), category("part", "knee ankle back head", "body part"),
              whole("days", 3, 120, "number of days", step=3, null=0.15), date("hurt_on", 2021, 2024, "date"),
              plural="injuries"),
    ),
)  # fmt: skip

STREAMING = Theme(
    "streaming",
    "a film streaming service",
    (
        table("directors", "director", 9, text("name", PEOPLE), category("country", COUNTRIES, null=0.12)),
        table("films", "film", 22, ref("directors", "director", 0.1), text("title", ("Amber", "Bridge", "Circus", "Dusk",
              "Exile", "Fog", "Gravity", "Heir", "Inland", "Juno", "Kites", "Lanterns")),
              category("genre", "drama comedy thriller western"), whole("minutes", 70, 190, "length in minutes", step=5),
              whole("released_in", 1995, 2023, "release year"), whole("budget", 1, 90, "budget in millions", null=0.2)),
        table("viewers", "viewer", 16, text("name", PEOPLE), category("plan", "basic family premium"),
              whole("age", 14, 80, null=0.15), date("joined_on", 2018, 2023, "joining date")),
        table("ratings", "rating", 54, ref("films", "film"), ref("viewers", "viewer"), whole("stars", 1, 10,
              "number of stars"), date("rated_on", 2022, 2024, "rating date"),
              category("device", "tv phone laptop", null=0.15), flag("finished", "given after the whole film")),
    ),
)  # fmt: skip

FESTIVAL = Theme(
    "festival",
    "a music festival",
    (
        table("stages", "stage", 5, text("name", ("Main", "Meadow", "Lakeside", "Cellar", "Tower")),
              whole("capacity", 200, 4000, step=200), flag("covered", "covered")),
        table("bands", "band", 14, text("name", ("Velvet Owl", "Rust", "Paper Tigers", "Nine Wells", "Copper Sun", "Moth",
              "Halcyon", "Drumlin", "Sable", "Quartz")), category("style", "rock folk jazz techno"),
              whole("founded_in", 1985, 2022, "founding year", null=0.12), category("country", COUNTRIES, null=0.1)),
        table("concerts", "concert", 32, ref("bands", "band"), ref("stages", "stage", 0.1),
              date("played_on", 2021, 2024, "concert date"), whole("minutes", 30, 120, "length in minutes", step=5),
              whole("fee", 500, 9000, step=500, null=0.15)),
        table("tickets", "ticket", 50, ref("concerts", "concert"), whole("price", 20, 120, step=5),
              category("kind", "standing seated lounge"), date("sold_on", 2020, 2024, "sale date", null=0.12),
              flag("refunded", "refunded")),
    ),
)  # fmt: skip

ZOO = Theme(
    "zoo",
    "a zoo",
    (
        table("keepers", "keeper", 8, text("name", PEOPLE), date("hired_on", 2006, 2023, "hiring date"),
              category("rank", "junior senior chief", null=0.12)),
        table("animals", "animal", 22, ref("keepers", "keeper", 0.12), text("name", ("Bala", "Coco", "Duma", "Fiji", "Ginger",
              "Hathi", "Kali", "Leo", "Momo", "Nala", "Pip", "Raja", "Simba", "Tiki")),
              category("species", "lion otter zebra parrot tortoise"), whole("born_in", 1990, 2023, "year of birth",
              null=0.12), real("weight", 1, 200, "weight in kg", step=1, null=0.1), flag("tagged", "tagged")),
        table("feedings", "feeding", 54, ref("animals", "animal"), category("food", "meat fish fruit hay seeds"),
              real("amount", 1, 12, "amount in kg", null=0.1), date("fed_on", 2023, 2024, "feeding date"),
              whole("cost", 2, 40, step=2)),
    ),
)  # fmt: skip

AIRLINE = Theme(
    "airline",
    "an airline",
    (
        table("planes", "plane", 8, category("model", "Swift Heron Condor Falcon"), whole("seats", 60, 320,
              "number of seats", step=20), whole("built_in", 1998, 2022, "year of construction", null=0.15)),
        table("flights", "flight", 26, ref("planes", "plane", 0.12), category("origin", CITIES),
              category("destination", COUNTRIES), whole("distance", 300, 3000, "distance in km", step=100),
              date("departed_on", 2022, 2024, "departure date"), whole("delay", 0, 120, "delay in minutes", step=5, null=0.2)),
        table("bookings", "booking", 54, ref("flights", "flight"), text("passenger", PEOPLE, "passenger name"),
              category("cabin", "economy premium business"), whole("fare", 60, 600, step=20),
              date("booked_on", 2021, 2024, "booking date"), whole("bags", 0, 4, "number of bags", null=0.12)),
    ),
)  # fmt: skip

MUSEUM = Theme(
    "museum",
    "a museum",
    (
        table("artists", "artist", 10, text("name", PEOPLE), category("country", COUNTRIES, null=0.15),
              whole("birth_year", 1600, 1980, "year of birth", step=10, null=0.1)),
        table("halls", "hall", 6, text("name", ("Azure", "Crimson", "Ivory", "Jade", "Ochre", "Sepia")),
              whole("floor", 0, 3), whole("area", 40, 300, "area in square metres", step=20)),
        table("works", "work", 28, ref("artists", "artist", 0.15), ref("halls", "hall", 0.15), text("title", ("Bather",
              "Bridge at Noon", "Chair", "Dancer", "Dunes", "Harvest", "Nocturne", "Pears", "Rider", "Storm", "Vessel")),
              category("medium", "oil bronze print textile"), whole("made_in", 1620, 2020, "year of creation", step=10),
              whole("value", 5, 400, "value in thousands", step=5, null=0.15), flag("restored", "restored")),
        table("visits", "visit", 44, ref("halls", "hall"), date("visit_on", 2022, 2024, "date"),
              whole("minutes", 5, 90, "length in minutes", step=5), category("ticket", "full reduced free", "kind of ticket"),
              whole("party", 1, 8, "party size", null=0.12)),
    ),
)  # fmt: skip

GYM = Theme(
    "gym",
    "a gym",
    (
        table("trainers", "trainer", 8, text("name", PEOPLE), category("field", "yoga boxing rowing dance"),
              whole("rate", 20, 80, "hourly rate", step=5, null=0.12)),
        table("members", "member", 18, text("name", PEOPLE), category("plan", "day month year"),
              whole("birth_year", 1950, 2008, "year of birth", null=0.12), date("joined_on", 2018, 2024, "joining date"),
              flag("student", "a student")),
        table("sessions", "session", 54, ref("members", "member"), ref("trainers", "trainer", 0.18),
              date("held_on", 2022, 2024, "session date"), whole("minutes", 15, 120, "length in minutes", step=15),
              whole("calories", 50, 900, "number of calories", step=50, null=0.15), category("room", "red blue green")),
    ),
)  # fmt: skip

THEMES = (LIBRARY, HOTEL, LEAGUE, STREAMING, FESTIVAL, ZOO, AIRLINE, MUSEUM, GYM)
