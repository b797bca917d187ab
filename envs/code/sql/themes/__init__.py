"""The subjects that databases are about. A theme belongs to one split, so that tests are about unseen databases."""

from textgym.envs.code.sql.themes import commerce, leisure, work

THEMES = (*commerce.THEMES, *leisure.THEMES, *work.THEMES)
