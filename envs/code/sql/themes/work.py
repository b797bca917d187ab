"""Databases of offices, schools, surgeries and works."""

from textgym.envs.code.sql.schema import Theme, category, date, flag, real, ref, table, text, whole
from textgym.envs.code.sql.themes.words import CITIES, PEOPLE

OFFICE = Theme(
    "office",
    "the staff of a company and its projects",
    (
        table("departments", "department", 6, text("name", ("Sales", "Design", "Research", "Legal", "Support", "Finance",
              "Logistics")), category("city", CITIES, null=0.15), whole("budget", 100, 900, step=50)),
        table("employees", "employee", 24, ref("departments", "department", 0.12), text("name", PEOPLE),
              category("role", "clerk analyst engineer lead"), whole("salary", 28, 90, "salary in thousands", step=2),
              date("hired_on", 2010, 2023, "hiring date"), whole("bonus", 0, 12, "bonus in thousands", null=0.25)),
        table("projects", "project", 9, text("title", ("Aurora", "Beacon", "Cobalt", "Drift", "Echo", "Falcon", "Gamma",
              "Helix")), category("state", "open paused closed"), date("start_on", 2019, 2023, "start date"),
              date("due_on", 2021, 2025, "due date", null=0.2), later=(("start_on", "due_on"),)),
        table("assignments", "assignment", 46, ref("employees", "employee"), ref("projects", "project"),
              whole("hours", 10, 200, "number of hours", step=10, null=0.1),
              category("task", "plan build test write", null=0.12), flag("billable", "billable")),
    ),
)  # fmt: skip

SCHOOL = Theme(
    "school",
    "a school and its courses",
    (
        table("teachers", "teacher", 9, text("name", PEOPLE), category("subject", "maths physics music art latin"),
              date("hired_on", 2005, 2022, "hiring date", null=0.15)),
        table("courses", "course", 14, ref("teachers", "teacher", 0.12), text("title", ("Algebra", "Choir", "Drawing",
              "Grammar", "Logic", "Optics", "Painting", "Rhetoric", "Statics", "Theory")),
              whole("credits", 1, 8, "number of credits"), category("term", "autumn spring summer"),
              category("level", "basic middle upper", null=0.12)),
        table("students", "student", 20, text("name", PEOPLE), whole("entry_year", 2018, 2023, "year of entry"),
              category("city", CITIES, null=0.15), flag("boarding", "boarding")),
        table("enrolments", "enrolment", 56, ref("students", "student"), ref("courses", "course"),
              whole("mark", 1, 20, null=0.18), whole("absences", 0, 9, "number of absences"),
              date("enrolled_on", 2021, 2023, "enrolment date")),
    ),
)  # fmt: skip

CLINIC = Theme(
    "clinic",
    "a clinic",
    (
        table("doctors", "doctor", 9, text("name", PEOPLE), category("speciality", "heart skin eyes bones lungs"),
              whole("fee", 40, 160, "consultation fee", step=10, null=0.1), flag("on_leave", "on leave")),
        table("patients", "patient", 18, text("name", PEOPLE), whole("birth_year", 1935, 2015, "year of birth"),
              category("city", CITIES, null=0.12), category("insurance", "public private", null=0.2)),
        table("appointments", "appointment", 50, ref("doctors", "doctor", 0.1), ref("patients", "patient"),
              date("booked_on", 2023, 2023, "booking date"), date("held_on", 2023, 2024, "appointment date", null=0.15),
              whole("minutes", 10, 60, "length in minutes", step=5), category("outcome", "cured improved same referred",
              null=0.18), whole("charge", 20, 240, step=20), later=(("booked_on", "held_on"),)),
    ),
)  # fmt: skip

HELPDESK = Theme(
    "helpdesk",
    "a help desk",
    (
        table("agents", "agent", 8, text("name", PEOPLE), category("team", "network mail billing devices"),
              date("hired_on", 2014, 2023, "hiring date"), flag("remote", "working remotely")),
        table("clients", "client", 12, text("name", ("Argo Ltd", "Bluebell", "Corvus", "Dynamo", "Eastgate", "Fern Labs",
              "Gradient", "Hollow Oak", "Ivory", "Junction")), category("plan", "free team business", null=0.12),
              whole("seats", 5, 100, "number of seats", step=5)),
        table("tickets", "ticket", 34, ref("clients", "client"), ref("agents", "agent", 0.15),
              category("priority", "low normal high urgent"), date("opened_on", 2023, 2024, "opening date"),
              date("closed_on", 2023, 2024, "closing date", null=0.25), whole("satisfaction", 1, 10, null=0.25),
              later=(("opened_on", "closed_on"),)),
        table("replies", "reply", 50, ref("tickets", "ticket"), whole("words", 10, 200, "number of words", step=10),
              date("sent_on", 2023, 2024, "sending date"), flag("public", "public"),
              category("tone", "formal friendly brief", null=0.15)),
    ),
)  # fmt: skip

ENERGY = Theme(
    "energy",
    "electricity meters of several sites",
    (
        table("sites", "site", 8, category("city", CITIES, null=0.1), category("kind", "farm home factory school"),
              whole("area", 50, 900, "area in square metres", step=50)),
        table("meters", "meter", 16, ref("sites", "site"), category("brand", "Onyx Pulse Terra Vega"),
              date("installed_on", 2012, 2022, "installation date", null=0.12), flag("digital", "digital")),
        table("readings", "reading", 54, ref("meters", "meter"), date("read_on", 2023, 2024, "reading date"),
              whole("energy", 20, 400, "energy in kWh", step=20, null=0.12), real("voltage", 220, 240, step=1),
              category("source", "manual radio estimate")),
    ),
)  # fmt: skip

FARM = Theme(
    "farm",
    "a farm",
    (
        table("fields", "field", 10, text("name", ("Long Acre", "Mill Field", "Upper Lea", "Stony Bank", "River Piece",
              "Fox Hill", "Broad Mead", "Church Croft")), whole("hectares", 2, 30, "size in hectares"),
              category("soil", "clay loam sand peat", null=0.15), flag("irrigated", "irrigated")),
        table("crops", "crop", 8, category("kind", "grain root bean fruit"), text("name", ("Wheat", "Barley", "Beet",
              "Potato", "Lentil", "Pea", "Apple", "Plum", "Rye")), whole("price", 100, 600, "price of a tonne", step=20,
              null=0.1)),
        table("harvests", "harvest", 44, ref("fields", "field"), ref("crops", "crop"),
              whole("tonnes", 4, 80, "number of tonnes", step=4), date("cut_on", 2018, 2024, "harvest date"),
              whole("moisture", 8, 24, "moisture in percent", null=0.2), category("grade", "a b c", null=0.15)),
        table("treatments", "treatment", 30, ref("fields", "field", 0.1), category("agent", "lime compost nitrate potash"),
              whole("litres", 50, 800, "number of litres", step=50), whole("cost", 20, 300, step=20, null=0.15),
              date("applied_on", 2019, 2024, "application date")),
    ),
)  # fmt: skip

THEMES = (OFFICE, SCHOOL, CLINIC, HELPDESK, ENERGY, FARM)
