"""`textgym sandbox`: what runs hostile code here, how well it holds, and how to get it."""

import contextlib
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textgym.cli.exits import CommandError, ExitCode, guarded, leave
from textgym.cli.options import AsJson
from textgym.cli.screen import busy, console, facts, note, print_json, several, table, visible

if TYPE_CHECKING:
    from rich.console import Console

    from textgym.sandbox.results import RunResult
    from textgym.sandbox.selftest import ProviderReport

app = typer.Typer(name="sandbox", no_args_is_help=True)


@app.callback()
def sandbox() -> None:
    """Run hostile code where it can do no harm: what is here, and how well it holds."""


class Route(StrEnum):
    """How an image is built."""

    auto = "auto"
    registry = "registry"
    debootstrap = "debootstrap"


ProviderName = Annotated[
    str, typer.Option("--provider", metavar="NAME", help="docker, bwrap, docker-fresh, or auto: the best one here.")
]


def check_provider(name: str) -> None:
    """Refuse a name that no provider of sandboxes has.

    Raises:
        CommandError: it is none of them, and not `auto`.
    """
    from textgym.sandbox.opening import PROVIDERS

    if name not in ("auto", *PROVIDERS):
        raise CommandError(f"--provider {name}: choose from auto, {', '.join(PROVIDERS)}")


def status(as_json: AsJson = False) -> None:
    """Say which providers can be used here, and what the others lack."""
    from textgym.sandbox.opening import PROVIDERS
    from textgym.sandbox.selftest import host_facts, meet

    with busy("asking the providers"):
        found = [meet(name) for name in PROVIDERS]
    usable = any(each["available"] for each in found)
    if as_json:
        print_json({"available": usable, "host": host_facts(), "providers": found})
    else:
        rows = table("provider", "here", "what")
        for each in found:
            said = each["why_not"] or _words(each["described"], each["networks"])
            rows.add_row(each["provider"], "yes" if each["available"] else "no", visible(said))
        console().print(rows)
    if not usable:
        leave(ExitCode.FAILED)


def build(
    *,
    apt: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A further Debian package; may be repeated.", show_default=False),
    ] = None,
    pip: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A further Python package, as NAME or NAME==VERSION; may be repeated.",
            show_default=False,
        ),
    ] = None,
    route: Annotated[
        Route, typer.Option(help="From a registry's Python image, from Debian packages, or what works.")
    ] = Route.auto,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build even if the image is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build the image that Docker sandboxes run; once, then it works without a network."""
    from textgym.sandbox.image import ImageSpec, build_image

    try:
        spec = ImageSpec(apt=tuple(apt or ()), pip=tuple(pip or ()))
    except ValueError as error:
        raise CommandError(str(error)) from None
    tag = build_image(spec, route=route.value, rebuild=rebuild, report=note)
    if as_json:
        print_json({"image": tag})
    else:
        console().print(visible(tag))


def selftest(
    *,
    provider: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this provider; may be repeated.", show_default=False)
    ] = None,
    thorough: Annotated[bool, typer.Option("--thorough", help="Every attack, not only the telling ones.")] = False,
    as_json: AsJson = False,
) -> None:
    """Attack every provider on this host, and say in words what it can enforce and what it cannot."""
    from textgym.sandbox.opening import PROVIDERS
    from textgym.sandbox.selftest import self_test

    unknown = sorted(set(provider or ()) - set(PROVIDERS))
    if unknown:
        raise CommandError(f"--provider {unknown[0]}: choose from {', '.join(PROVIDERS)}")
    with busy("attacking") as say:
        report = self_test(
            provider or PROVIDERS,
            thorough=thorough,
            progress=lambda name, done, total: say(f"{name}: {done} of {total} attacks done"),
        )
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        screen = console()
        screen.print(facts(report.host))
        for each in report.providers:
            _show(screen, each)
        if not any(each.available for each in report.providers):
            note("no provider can be used here, so no untrusted code can be run")
    if not report.passed:
        leave(ExitCode.FAILED)


def clean(
    *,
    images: Annotated[bool, typer.Option("--images", help="Remove the images as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove what killed runs left behind; sandboxes of living runs stay."""
    from textgym.core.errors import TextgymError
    from textgym.sandbox.bwrap import BwrapProvider
    from textgym.sandbox.docker import DockerProvider
    from textgym.sandbox.image import remove_images

    removed: dict[str, list[str]] = {
        "containers": [],
        "networks": [],
        "control_groups": BwrapProvider().reap(),
        "images": [],
    }
    provider = DockerProvider()
    try:
        removed["networks"] = provider.reap_networks()
        removed["containers"] = provider.reap()
    except TextgymError as error:
        note(f"there can be no containers: {error}")
    finally:
        provider.close()
    if images:
        removed["images"] = remove_images()
    if as_json:
        print_json(removed)
    else:
        counts = [several(len(names), kind.removesuffix("s").replace("_", " ")) for kind, names in removed.items()]
        note(f"removed {', '.join(counts)}")


def shell(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A Python program; without, lines are read.", show_default=False),
    ] = None,
    *,
    provider: ProviderName = "auto",
    wall: Annotated[
        float, typer.Option(min=0.1, max=3600, help="Wall-clock limit of each program, in seconds.")
    ] = 10.0,
    memory: Annotated[int, typer.Option(min=16, help="Memory limit of each program, in MB.")] = 256,
) -> None:
    """Run a program, or commands line by line, in a sandbox, to see what code sees there.

    Each line is a command of its own for `/bin/sh` in an empty directory: nothing is kept from one to the next.
    """
    from textgym.sandbox import Limits
    from textgym.sandbox.opening import open_sandbox

    limits = Limits(wall_s=wall, cpu_s=wall, memory_mb=memory)
    check_provider(provider)
    try:
        source = None if file is None else file.read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror}") from None
    with open_sandbox(provider, slots=1, limits=limits) as box:
        if source is not None:
            ended = box.run_python(source)
            _show_run(ended)
            if not ended.ok:
                leave(ExitCode.FAILED)
            return
        note(f"{box.provider.name}; every line starts in an empty directory; Ctrl-D leaves")
        with contextlib.suppress(EOFError):
            while True:
                line = input("$ " if sys.stdin.isatty() else "")
                if line.strip():
                    _show_run(box.run(["/bin/sh", "-c", line]))


def _show_run(result: "RunResult") -> None:
    screen = console()
    for stream in (result.stdout, result.stderr):
        if stream:
            screen.print(visible(stream.decode(errors="backslashreplace")), end="" if stream.endswith(b"\n") else "\n")
    if not result.ok:
        code = {"exit": f"exit code {result.exit_code}", "signal": f"signal {result.signal}"}
        note(
            f"[{code.get(result.status, result.status)}; {result.wall_s:.2f} s{'; ' * bool(result.detail)}{result.detail}]"
        )


def _words(described: dict[str, Any], networks: list[str]) -> str:
    shown = {name: described[name] for name in ("engine", "runtime", "image") if described.get(name)}
    told = [f"{name} {value}" for name, value in shown.items()] or [str(described.get("bwrap", ""))]
    granted = [f"{several(len(networks), 'network')} of sandboxes"] if networks else []
    return ", ".join([*told, *granted, *map(str, described.get("weaker", []))])


def _show(screen: "Console", report: "ProviderReport") -> None:
    from rich.text import Text

    screen.print()
    if not report.available:
        screen.print(
            Text("not here  ", style="dim")
            + Text(report.provider, style="bold")
            + visible(f"  {report.why_not}", "dim")
        )
        return
    broken = [finding for finding in report.findings if not finding.held]
    head = Text("holds     ", style="bold green") if report.passed else Text("FAILS     ", style="bold red")
    count = f"  {len(report.findings) - len(broken)} of {several(len(report.findings), 'promise')} kept, {report.seconds:.1f} s"
    screen.print(head + Text(report.provider, style="bold") + Text(count))
    rows = table("", "promise", "what happened instead") if broken else table("", "promise")
    for finding in report.findings:
        mark = Text("yes", style="green") if finding.held else Text("NO", style="bold red")
        rows.add_row(mark, finding.promise, *([visible(finding.evidence)] if broken else []))
    screen.print(rows)
    for each in report.weaker:
        screen.print(Text("note  ", style="yellow") + visible(each))


app.command("status")(guarded(status))
app.command("build")(guarded(build))
app.command("selftest")(guarded(selftest))
app.command("clean")(guarded(clean))
app.command("shell")(guarded(shell))
