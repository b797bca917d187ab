"""Databases of those who sell, store, carry and let."""

from textgym.envs.code.sql.schema import Theme, category, date, flag, real, ref, table, text, whole
from textgym.envs.code.sql.themes.words import CITIES, COUNTRIES, PEOPLE

BOOKSHOP = Theme(
    "bookshop",
    "a bookshop",
    (
        table("authors", "author", 10, text("name", PEOPLE), category("country", COUNTRIES, null=0.15),
              whole("birth_year", 1930, 1990, "year of birth", null=0.15)),
        table("books", "book", 24, ref("authors", "author", 0.1),
              text("title", ("Salt", "North Wind", "The Lamp", "Harbour", "Glass Hour", "Seven Doors", "Ember", "Low Tide",
                             "The Orchard", "Paper Moon", "Quiet Street", "Winter Garden", "Ash", "The Ferry")),
              category("genre", "novel poetry history travel crime"), whole("price", 6, 40, step=2),
              whole("pages", 80, 600, "number of pages", step=20, null=0.12), flag("in_stock", "in stock"),
              date("published_on", 2012, 2023, "publication date")),
        table("customers", "customer", 14, text("name", PEOPLE), category("city", CITIES, null=0.15),
              category("tier", "basic silver gold", null=0.15), date("joined_on", 2019, 2023, "joining date")),
        table("sales", "sale", 50, ref("books", "book"), ref("customers", "customer", 0.12), whole("quantity", 1, 6),
              whole("discount", 0, 30, "discount in percent", step=5, null=0.2), date("sold_on", 2021, 2024, "sale date"),
              category("channel", "shop web phone")),
    ),
)  # fmt: skip

WAREHOUSE = Theme(
    "warehouse",
    "a company that keeps spare parts in depots",
    (
        table("suppliers", "supplier", 8, text("name", ("Akron Metal", "Borea", "Castor", "Delfin Tools", "Elbe Works",
              "Fjord Steel", "Gallia", "Hansa Parts", "Iris", "Jura Plastics")),
              category("country", COUNTRIES, null=0.15), real("rating", 1, 5, null=0.2)),
        table("parts", "part", 20, ref("suppliers", "supplier", 0.1),
              text("name", ("Bolt", "Bracket", "Cable", "Dial", "Fan", "Gasket", "Hinge", "Lever", "Pump", "Relay", "Seal",
                            "Valve")),
              category("material", "steel brass rubber plastic copper"), real("weight", 1, 20, "weight in kg", null=0.1),
              whole("unit_price", 5, 60, "unit price", step=5)),
        table("depots", "depot", 7, category("city", CITIES), whole("capacity", 100, 900, step=50),
              flag("heated", "heated")),
        table("deliveries", "delivery", 48, ref("parts", "part"), ref("depots", "depot", 0.1),
              whole("quantity", 5, 60, step=5), date("ordered_on", 2022, 2023, "order date"),
              date("arrived_on", 2022, 2024, "arrival date", null=0.2),
              category("state", "planned shipped received returned"), later=(("ordered_on", "arrived_on"),)),
    ),
)  # fmt: skip

PARCELS = Theme(
    "parcels",
    "a parcel service",
    (
        table("couriers", "courier", 9, text("name", PEOPLE), category("vehicle", "bike van truck", null=0.15),
              date("hired_on", 2015, 2023, "hiring date"), flag("full_time", "working full time")),
        table("senders", "sender", 10, text("name", ("Alba Shop", "Bistro Nord", "Cafe Ute", "Dora Fashion", "Eco Lab",
              "Foto Lux", "Gran Tea", "Haus Depot", "Ink and Co", "Jolly Toys")),
              category("city", CITIES), category("contract", "none monthly yearly", null=0.15)),
        table("parcels", "parcel", 50, ref("senders", "sender"), ref("couriers", "courier", 0.15),
              real("weight", 1, 25, "weight in kg"), whole("postage", 3, 30), category("zone", "local national foreign"),
              date("posted_on", 2023, 2024, "posting date"), date("delivered_on", 2023, 2024, "delivery date", null=0.2),
              flag("insured", "insured"), later=(("posted_on", "delivered_on"),)),
    ),
)  # fmt: skip

RENTALS = Theme(
    "rentals",
    "an agency that lets flats",
    (
        table("owners", "owner", 8, text("name", PEOPLE), category("city", CITIES, null=0.2)),
        table("flats", "flat", 20, ref("owners", "owner"), category("district", "harbour centre hill station park"),
              whole("rooms", 1, 6, "number of rooms"), whole("area", 25, 140, "area in square metres", step=5, null=0.1),
              whole("floor", 0, 8), flag("furnished", "furnished")),
        table("tenants", "tenant", 16, text("name", PEOPLE),
              category("job", "nurse cook driver teacher student", null=0.15),
              whole("birth_year", 1950, 2003, "year of birth")),
        table("leases", "lease", 40, ref("flats", "flat"), ref("tenants", "tenant", 0.08),
              whole("rent", 400, 1800, "monthly rent", step=50), whole("deposit", 500, 3000, step=250, null=0.2),
              date("start_on", 2018, 2023, "start date"), date("end_on", 2019, 2025, "end date", null=0.25),
              later=(("start_on", "end_on"), ("rent", "deposit"))),
    ),
)  # fmt: skip

RESTAURANT = Theme(
    "restaurant",
    "a restaurant",
    (
        table("waiters", "waiter", 8, text("name", PEOPLE), whole("wage", 12, 24, "hourly wage"),
              category("shift", "lunch dinner both", null=0.15)),
        table("dishes", "dish", 16, text("name", ("Risotto", "Goulash", "Trout", "Lasagne", "Pancakes", "Ratatouille",
              "Stew", "Sorbet", "Terrine", "Paella", "Strudel", "Ramen")),
              category("course", "starter main dessert"), whole("price", 4, 32, step=2),
              whole("calories", 150, 950, step=50, null=0.15), flag("vegetarian", "vegetarian"), plural="dishes"),
        table("visits", "visit", 20, ref("waiters", "waiter", 0.12), whole("guests", 1, 9, "number of guests"),
              date("visit_on", 2023, 2024, "date"), category("payment", "cash card voucher", null=0.15),
              whole("tip", 0, 30, step=2, null=0.2)),
        table("orders", "order", 54, ref("visits", "visit"), ref("dishes", "dish"), whole("quantity", 1, 5),
              category("size", "small regular large", null=0.12)),
    ),
)  # fmt: skip

CARREPAIR = Theme(
    "car_repair",
    "a garage that repairs cars",
    (
        table("mechanics", "mechanic", 8, text("name", PEOPLE), category("level", "trainee senior master"),
              whole("wage", 15, 45, "hourly wage", null=0.12)),
        table("cars", "car", 20, category("make", "Volta Arden Kestrel Minera Otto"),
              category("fuel", "petrol diesel electric hybrid"), whole("built_in", 2004, 2023, "year of construction"),
              whole("mileage", 10, 240, "mileage in thousand km", step=10, null=0.15)),
        table("repairs", "repair", 50, ref("cars", "car"), ref("mechanics", "mechanic", 0.12),
              category("job", "brakes engine tyres lights paint"), whole("hours", 1, 12, "number of hours"),
              whole("parts_cost", 20, 600, "cost of parts", step=20, null=0.15),
              date("begun_on", 2022, 2023, "start date"), date("done_on", 2022, 2024, "completion date", null=0.15),
              flag("guarantee", "covered by guarantee"), later=(("begun_on", "done_on"),)),
    ),
)  # fmt: skip

THEMES = (BOOKSHOP, WAREHOUSE, PARCELS, RENTALS, RESTAURANT, CARREPAIR)
