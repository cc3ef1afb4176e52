"""`kneegap demo`, `live` and `replay`: sessions on the screen."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from math import isnan
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.guided.spacer import NARROWEST_MM, WIDEST_MM

if TYPE_CHECKING:
    from monitor.coach.signals import Action
    from monitor.guided.guide import Finished, Guided, Radio, Screen
    from monitor.live_buffer import LiveBuffer
    from monitor.live_window.start_offer import StartChoice
    from monitor.session.live import Observer
    from monitor.session.player import Player
    from monitor.store.wearers import KnownWearer
    from sensor.link.straps import Straps

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
    from monitor.coach.plans import load_calibration, load_plan
    from monitor.guided.guide import Guided, guide
    from monitor.guided.simulated_straps import simulated
    from monitor.store import Store

    _bring_up_to_date()
    guided = Guided(load_plan("demo"), load_calibration("calibration_demo"), None, simulated=True, mute=mute)
    sizes, radio = simulated(DEMO_SEED, guided, DEMO_PUT_ON_S)
    _tell(guide(replace(guided, wearer=sizes), radio, _screen(_why_no_window(terminal), CLOSE_AFTER_S), Store()))


def live(
    sim: Annotated[bool, typer.Option("--sim", help="simulated straps whose person follows the prompts")] = False,
    exercise: Annotated[
        str | None, typer.Option(metavar="NAME", help="clamp, check, knees_in, ...; else the window's first page asks")
    ] = None,
    wearer: Annotated[
        str, typer.Option(metavar="WHO", help="W.toml with your sizes in mm, kept; later your name; else the last one")
    ] = "",
    spacer_mm: Annotated[
        float | None,
        typer.Option(
            metavar="MM", min=NARROWEST_MM, max=WIDEST_MM, help="width of your spacer, kept; else the last one, or 67"
        ),
    ] = None,
    calibrate: Annotated[
        bool,
        typer.Option("--calibrate/--no-calibrate", help="without: one touch, and the rest of the last calibration"),
    ] = True,
    device: Annotated[
        list[str] | None,
        typer.Option(metavar="TYPE", help="with --sim, another maker's, on each thigh; a second one beside the left"),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="go on with the session that was broken off today")] = False,
    desk: Annotated[
        bool, typer.Option("--desk", help="a small strip beside your work: knees together, as long as you like")
    ] = False,
    lsl: Annotated[bool, typer.Option("--lsl", help="offer samples, gap and markers to Lab Streaming Layer")] = False,
    terminal: InTerminal = False,
    mute: Mute = False,
) -> None:
    """A guided session with your straps, to a report."""
    from monitor.coach.plan_files import exercises
    from monitor.coach.plans import load_plan
    from monitor.guided.spacer import own_spacer_mm
    from monitor.live_window.start_offer import StartChoice
    from monitor.store import Store
    from monitor.store.wearers import Wearers

    if exercise is not None and not exercise.strip():
        raise typer.BadParameter(f"give one of {', '.join(exercises())}", param_hint="'--exercise'")
    if spacer_mm is not None and isnan(spacer_mm):
        raise typer.BadParameter("give a width in mm", param_hint="'--spacer-mm'")
    devices = _twins(device or (), sim=sim)
    load_plan(exercise or USUAL)
    _bring_up_to_date()
    known = None if sim else _known_wearer(wearer)
    asked = StartChoice(exercise or USUAL, known.id if known else "", calibrate, resume, desk)

    def lead(choice: StartChoice, screen: Screen) -> Finished:
        listeners = _outlets() if lsl else ()
        return _lead(choice, screen, spacer_mm, sim=sim, devices=devices, mute=mute, listeners=listeners)

    missing = _why_no_window(terminal)
    if missing is None and not (exercise or resume or desk):
        if spacer_mm is not None and not sim:
            # Kept now, once: from here on it is what the page of settings says.
            own_spacer_mm(Wearers(Store().home).folder(asked.wearer), spacer_mm)
            spacer_mm = None
        _sit_down(lead, sim=sim)
    else:
        _tell(lead(asked, _screen(missing, None, desk=desk)))


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


def _sit_down(lead: Callable[[StartChoice, Screen], Finished], *, sim: bool) -> None:
    """Sessions as they are chosen on the window's start page."""
    from monitor.guided.start import came_of, sit_down
    from monitor.live_window.shown import Screens
    from monitor.store import Store

    def led(choice: StartChoice, screen: Screen) -> str:
        finished = lead(choice, screen)
        _tell(finished)
        return came_of(finished.session)

    sit_down(Screens(), Store(), led, simulated=sim)


def _lead(
    choice: StartChoice,
    screen: Screen,
    spacer_mm: float | None,
    *,
    sim: bool,
    devices: tuple[str, ...],
    mute: bool,
    listeners: Sequence[Observer],
) -> Finished:
    """One session; simulated straps are worn by a person of their own sizes."""
    from monitor.guided.guide import guide
    from monitor.guided.one_at_a_time import the_only_session
    from monitor.guided.prepared import prepared
    from monitor.store import Store

    store = Store()
    guided = prepared(choice, store, spacer_mm, simulated=sim, mute=mute)
    guided = replace(guided, observers=(*guided.observers, *listeners))
    if not sim:
        with the_only_session(store.home):
            return guide(guided, _real(guided), screen, store)
    from monitor.guided.simulated_straps import simulated

    sizes, radio = simulated(DEMO_SEED, guided, PUT_ON_S, devices)
    return guide(replace(guided, wearer=sizes), radio, screen, store)


def _tell(finished: Finished) -> None:
    from monitor.results.summary_lines import place_lines, summary_lines

    typer.echo("\n".join([*summary_lines(finished.results), *place_lines(finished.session.folder, finished.report)]))


def _screen(missing: str | None, close_after_s: float | None, *, desk: bool = False) -> Screen:
    """A window, or the strip beside work, where nothing is `missing` for it, else the terminal."""
    from functools import partial

    from rich.console import Console

    from monitor.guided.guide import terminal_screen

    if missing is None:
        from monitor.live_window.shown import show_desk, show_window

        if desk:
            return show_desk
        return partial(show_window, close_after_s=close_after_s)
    return terminal_screen(Console())


def _why_no_window(terminal: bool) -> str | None:
    """None where a window can be shown; what is missing is said."""
    from monitor.language import gettext as _
    from monitor.live_window.display import why_no_window

    missing = "" if terminal else why_no_window()
    if missing:
        typer.echo(_("no window: {why}; using the terminal").format(why=missing))
    return missing


def _replay_in_terminal(buffer: LiveBuffer, player: Player, running: Callable[[], bool]) -> None:
    from rich.console import Console

    from monitor.terminal.replay import follow_replay

    follow_replay(buffer, player, running, Console())


def _bring_up_to_date() -> None:
    """What a crash left of earlier sessions is finished first."""
    from monitor.results.catch_up import up_to_date
    from monitor.store import Store

    up_to_date(Store(), lambda text: typer.echo(text, err=True))


def _outlets() -> Sequence[Observer]:
    """Lab Streaming Layer's outlets of one session."""
    from datetime import datetime

    from monitor.lsl import LslOutlets

    return (LslOutlets(f"kneegap {datetime.now():%Y-%m-%d %H:%M:%S}"),)


def _known_wearer(given: str) -> KnownWearer | None:
    """Who is given now, whose sizes are kept, or who it was last time."""
    from monitor.store import Store
    from monitor.store.wearers import Wearers

    wearers = Wearers(Store().home)
    return wearers.given(given) if given else wearers.last()


def _real(guided: Guided) -> Radio:
    """The straps that this wearer wears; those of the first time are remembered."""
    from datetime import datetime

    from monitor.guided.broken_off import left_unheard
    from monitor.guided.worn_straps import StrapKeeper, WornStraps
    from monitor.store import Store
    from monitor.store.wearers import Wearers
    from sensor.link.straps import Straps

    store = Store()
    worn = WornStraps(Wearers(store.home).folder(guided.worn_by))
    pair = worn.known()

    @asynccontextmanager
    async def radio(act: Callable[[Action], None]) -> AsyncGenerator[tuple[Straps, Sequence[Observer]]]:
        del act
        unheard = left_unheard(store, datetime.now().astimezone())
        straps = Straps(optional=guided.plan.optional, pair=pair, unheard=unheard)
        keeper = StrapKeeper(worn)
        yield straps, (keeper,)
        keeper.keep(straps.worn)

    return radio


def _twins(devices: Sequence[str], *, sim: bool) -> tuple[str, ...]:
    """The simulated devices that were asked for."""
    if not devices:
        return ()
    from firmware_sim.twins.wearing import TWINS

    if not sim or any(device not in TWINS for device in devices):
        raise typer.BadParameter(f"give it with --sim, and one of {', '.join(TWINS)}", param_hint="'--device'")
    return tuple(devices)
