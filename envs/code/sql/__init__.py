"""SQL: `env` asks, `execution` runs what is answered, in the sandbox, and `answers` compares.

Tasks are made in this order: a database is drawn (`schema`, `themes`, `rows`), a question about it (`terms`, `conditions`,
`compound`, `question`, `row_questions`, `group_questions`, `related_questions`; each is written in SQL and in English and
knows how it is got wrong; `draw_conditions` and `draw_questions` pick), and `problem` proves on further databases that the
wrong ones are found out.
"""

from textgym.envs.code.sql.env import SQL, SQLConfig

__all__ = ["SQL", "SQLConfig"]
