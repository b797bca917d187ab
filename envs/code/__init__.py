"""Code: programs to repair, write, read and query. What a policy writes is run in a sandbox; verdicts fall outside."""

from textgym.registry import Entry

ENVIRONMENTS = (
    Entry(
        id="textgym/CodeFix-v0",
        entry_point="textgym.envs.code.repair.fix:CodeFix",
        summary="Find and repair a bug in a real package, with a shell, an editor and its tests.",
        domain="code",
        tags=("multi-turn", "tools", "python", "repair", "repository"),
        needs=("sandbox",),
    ),
    Entry(
        id="textgym/CodeFixFn-v0",
        entry_point="textgym.envs.code.functions.fix:CodeFixFn",
        summary="Repair one Python function whose docstring says what it should do.",
        domain="code",
        tags=("single-turn", "multi-turn", "python", "repair"),
        needs=("sandbox",),
    ),
    Entry(
        id="textgym/CodeGen-v0",
        entry_point="textgym.envs.code.functions.write:CodeGen",
        summary="Write one Python function from its docstring and a few examples.",
        domain="code",
        tags=("single-turn", "multi-turn", "python", "synthesis"),
        needs=("sandbox",),
    ),
    Entry(
        id="textgym/CodeOutput-v0",
        entry_point="textgym.envs.code.functions.output:CodeOutput",
        summary="Say what a call of a Python function returns, or find a call that returns a value.",
        domain="code",
        tags=("single-turn", "python", "execution"),
        needs=("sandbox",),
    ),
    Entry(
        id="textgym/PatchJudge-v0",
        entry_point="textgym.envs.code.functions.judgement:PatchJudge",
        summary="Say how probable it is that a patch repairs a function.",
        domain="code",
        tags=("single-turn", "python", "review", "calibration"),
    ),
    Entry(
        id="textgym/DataWrangle-v0",
        entry_point="textgym.envs.code.wrangle:DataWrangle",
        summary="Write a program that makes a clean table of messy files.",
        domain="code",
        tags=("multi-turn", "tools", "python", "data"),
        needs=("sandbox",),
    ),
    Entry(
        id="textgym/SQL-v0",
        entry_point="textgym.envs.code.sql:SQL",
        summary="Answer a question about a database with a query that holds on hidden databases, too.",
        domain="code",
        tags=("single-turn", "multi-turn", "tools", "sql", "data"),
        needs=("sandbox",),
    ),
    Entry(
        id="textgym/Terminal-v0",
        entry_point="textgym.envs.code.terminal:Terminal",
        summary="Find, sort, rename, merge, pack and edit files with a shell; the files at the end decide.",
        domain="code",
        tags=("multi-turn", "tools", "shell", "files"),
        needs=("sandbox",),
    ),
    Entry(
        id="textgym/RegexSynth-v0",
        entry_point="textgym.envs.code.regex:RegexSynth",
        summary="Write the regular expression that tells some strings from near misses.",
        domain="code",
        tags=("single-turn", "multi-turn", "regex", "induction"),
        needs=("sandbox",),
    ),
)
