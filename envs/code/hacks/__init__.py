"""The hack corpus: ways to be paid without doing the task, as data. `textgym check` plays them; none may pay."""
