"""`kneegap demo`, `live` and `replay`: sessions on the screen."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from math import isnan
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from monitor.coach.signals import Action
    from monitor.guided import Finished, Radio, Screen
    from monitor.live_buffer import LiveBuffer
    from monitor.live_window.start_offer import StartChoice
    from monitor.session.live import Observer
    from monitor.session.player import Player
    from monitor.store.wearers import KnownWearer
    from sensor.straps import Straps
    from sensor.wearer import Wearer

DEMO_SEED = 7
DEMO_PUT_ON_S = 8.0
PUT_ON_S = 20.0
CLOSE_AFTER_S = 4.0
USUAL = "clamp"

SessionName = Annotated[str, typer.Argument(metavar="SESSION", help="a session's folder, or its id in the store")]
InTerminal = Annotated[bool, typer.Option("--terminal", help="in the terminal, even where a window could be shown")]

Mute = Annotated[bool, typer.Option("--mute", help="without sounds")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (demo, live, replay):
        app.command()(command)


def demo(terminal: InTerminal = False, mute: Mute = False) -> None:
    """A guided session of about a minute on simulated straps, to a report; needs no input."""
    from monitor.coach.plan import load_calibration, load_plan
    from monitor.guided import Guided, guide
    from monitor.store import Store

    _bring_up_to_date()
    wearer, radio = _simulated(DEMO_SEED, "clamp", 67.0, DEMO_PUT_ON_S)
    guided = Guided(load_plan("demo"), load_calibration("calibration_demo"), wearer, simulated=True, mute=mute)
    _tell(guide(guided, radio, _screen(_why_no_window(terminal), CLOSE_AFTER_S), Store()))


def live(
    sim: Annotated[bool, typer.Option("--sim", help="simulated straps whose person follows the prompts")] = False,
    exercise: Annotated[
        str | None, typer.Option(metavar="NAME", help="clamp, check, knees_in, ...; else the window's first page asks")
    ] = None,
    wearer: Annotated[
        str, typer.Option(metavar="WHO", help="W.toml with your sizes in mm, kept; later your name; else the last one")
    ] = "",
    spacer_mm: Annotated[
        float, typer.Option(metavar="MM", min=20.0, max=300.0, help="width of your spacer (tennis ball: 67)")
    ] = 67.0,
    terminal: InTerminal = False,
    mute: Mute = False,
) -> None:
    """A guided session with your straps, to a report."""
    from monitor.coach.plan import exercises, load_plan

    if exercise is not None and not exercise.strip():
        raise typer.BadParameter(f"give one of {', '.join(exercises())}", param_hint="'--exercise'")
    if isnan(spacer_mm):
        raise typer.BadParameter("give a width in mm", param_hint="'--spacer-mm'")
    load_plan(exercise or USUAL)
    _bring_up_to_date()
    known = None if sim else _known_wearer(wearer)

    def lead(name: str, known: KnownWearer | None, screen: Screen) -> Finished:
        return _lead(name, known, screen, spacer_mm, sim=sim, mute=mute)

    missing = _why_no_window(terminal)
    if exercise is None and missing is None:
        _sit_down(lead)
    else:
        _tell(lead(exercise or USUAL, known, _screen(missing, None)))


def replay(
    name: SessionName,
    speed: Annotated[float, typer.Option(min=0.1, max=1000.0, help="how many times faster than it was")] = 1.0,
    terminal: InTerminal = False,
) -> None:
    """Show a recorded session again, through the same code and window."""
    from monitor.session.player import replay_session
    from monitor.store import Store

    session = Store().find(name)
    missing = _why_no_window(terminal)
    if missing is None:
        from monitor.live_window.shown import show_replay

        replay_session(session, speed, show_replay, stay=True)
    else:
        replay_session(session, speed, _replay_in_terminal)


def _sit_down(lead: Callable[[str, KnownWearer | None, Screen], Finished]) -> None:
    """Sessions as they are chosen on the window's start page."""
    from monitor.live_window.shown import Screens
    from monitor.start import sit_down
    from monitor.store import Store
    from monitor.store.wearers import Wearers

    store = Store()

    def led(choice: StartChoice, screen: Screen) -> str:
        wearers = Wearers(store.home)
        finished = lead(choice.exercise, wearers.find(choice.wearer) if choice.wearer else wearers.last(), screen)
        _tell(finished)
        return ""

    sit_down(Screens(), store, led)


def _lead(
    exercise: str, known: KnownWearer | None, screen: Screen, spacer_mm: float, *, sim: bool, mute: bool
) -> Finished:
    """One session; simulated straps are worn by a person of their own sizes."""
    from monitor.coach.plan import load_calibration, load_plan
    from monitor.guided import Guided, guide
    from monitor.store import Store

    simulated, radio = (
        _simulated(DEMO_SEED, exercise, spacer_mm, PUT_ON_S) if sim else (None, _real(known.id if known else ""))
    )
    sizes, worn_by = (known.sizes, known.id) if known and not sim else (simulated, "")
    calibration = load_calibration()
    guided = Guided(load_plan(exercise), calibration, sizes, spacer_mm, simulated=sim, mute=mute, worn_by=worn_by)
    return guide(guided, radio, screen, Store())


def _tell(finished: Finished) -> None:
    from monitor.summary_lines import place_lines, summary_lines

    typer.echo("\n".join([*summary_lines(finished.results), *place_lines(finished.session.folder, finished.report)]))


def _screen(missing: str | None, close_after_s: float | None) -> Screen:
    """A window where nothing is `missing` for it, else the terminal."""
    from functools import partial

    from rich.console import Console

    from monitor.guided import terminal_screen

    if missing is None:
        from monitor.live_window.shown import show_window

        return partial(show_window, close_after_s=close_after_s)
    return terminal_screen(Console())


def _why_no_window(terminal: bool) -> str | None:
    """None where a window can be shown; what is missing is said."""
    from monitor.live_window.display import why_no_window

    missing = "" if terminal else why_no_window()
    if missing:
        typer.echo(f"no window: {missing}; using the terminal", err=True)
    return missing


def _replay_in_terminal(buffer: LiveBuffer, player: Player, running: Callable[[], bool]) -> None:
    from rich.console import Console

    from monitor.terminal_replay import follow_replay

    follow_replay(buffer, player, running, Console())


def _bring_up_to_date() -> None:
    """What a crash left of earlier sessions is finished first."""
    from monitor.catch_up import up_to_date
    from monitor.store import Store

    up_to_date(Store(), lambda text: typer.echo(text, err=True))


def _known_wearer(given: str) -> KnownWearer | None:
    """Who is given now, whose sizes are kept, or who it was last time."""
    from monitor.store import Store
    from monitor.store.wearers import Wearers

    wearers = Wearers(Store().home)
    return wearers.given(given) if given else wearers.last()


def _real(worn_by: str) -> Radio:
    """The straps that this wearer wears; those of the first time are remembered."""
    from monitor.store import Store
    from monitor.store.wearers import Wearers
    from monitor.worn_straps import WornStraps
    from sensor.straps import Straps

    worn = WornStraps(Wearers(Store().home).folder(worn_by))
    pair = worn.known()

    @asynccontextmanager
    async def radio(act: Callable[[Action], None]) -> AsyncGenerator[tuple[Straps, Sequence[Observer]]]:
        del act
        straps = Straps(pair=pair)
        yield straps, ()
        worn.add(straps.worn)

    return radio


def _simulated(seed: int, exercise: str, spacer_mm: float, put_on_s: float) -> tuple[Wearer, Radio]:
    """A simulated person's sizes, and the radio through which his straps are met; he follows the coach."""
    from firmware_sim.air.radio import SimulatedAir
    from firmware_sim.person.virtual_person import VirtualPerson
    from monitor.simulated_wearer import SimulatedWearer
    from sensor.straps import Straps
    from sensor.wearer import Wearer

    person = VirtualPerson(seed)
    build = person.build

    @asynccontextmanager
    async def radio(act: Callable[[Action], None]) -> AsyncGenerator[tuple[Straps, Sequence[Observer]]]:
        async with SimulatedAir(person.sensors, seed) as air:
            wearer = SimulatedWearer(person, air.now_s, exercise, spacer_mm, put_on_s, act)
            yield Straps(backend=air.client_backend, scanner_backend=air.scanner_backend), (wearer,)

    return Wearer(build.femur_m, build.hip_width_m, build.knee_width_m), radio
