"""Playing a recorded session: a clock that can be stopped, sped up and set to any time.

Invariant: what the wearer does may come from any thread and waits for nothing; everything is shown by the thread that
runs `run`.
"""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition
from time import monotonic

from monitor.coach.signals import Action
from monitor.live_buffer import LiveBuffer
from monitor.session.replayed import Replay, logged
from monitor.store import Session

TICK_S = 0.04
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


class Player:
    """Plays `replay`, `speed` times as fast as it was."""

    def __init__(self, replay: Replay, speed: float = 1.0, clock: Callable[[], float] = monotonic) -> None:
        self._replay, self._clock = replay, clock
        self._changed = Condition()
        self._speed = speed
        self._playing, self._stopped = True, False
        # The session time that belongs to the clock's.
        self._at_s, self._at_clock_s = replay.start_s, clock()

    @property
    def start_s(self) -> float:
        """Session time of the first sample."""
        return self._replay.start_s

    @property
    def end_s(self) -> float:
        """Session time of the last sample."""
        return self._replay.end_s

    @property
    def at_s(self) -> float:
        """Session time that is shown, or will be in a moment."""
        return self._at_s

    @property
    def playing(self) -> bool:
        """Whether time passes."""
        return self._playing

    @property
    def speed(self) -> float:
        """How many times faster than it was."""
        return self._speed

    def toggle(self) -> None:
        """Stops or goes on; at the end it begins anew."""
        with self._change():
            if not self._playing and self._at_s >= self.end_s:
                self._at_s = self.start_s
            self._playing = not self._playing

    def faster(self) -> None:
        """The next higher speed."""
        with self._change():
            self._speed = min((s for s in SPEEDS if s > self._speed), default=self._speed)

    def slower(self) -> None:
        """The next lower speed."""
        with self._change():
            self._speed = max((s for s in SPEEDS if s < self._speed), default=self._speed)

    def seek(self, time_s: float) -> None:
        """Goes to a session time."""
        with self._change():
            self._at_s = min(max(time_s, self.start_s), self.end_s)

    def stop(self) -> None:
        """Ends `run`."""
        with self._change():
            self._stopped = True

    def heed(self, action: Action) -> None:
        """Does what the keys of a session mean in a replay."""
        if action is Action.STOP:
            self.stop()
        elif action in (Action.PAUSE, Action.CONFIRM):
            self.toggle()

    def show_once(self) -> None:
        """Shows where it stands, for a screen without a running player."""
        self._replay.go_to(self._at_s, paused=not self._playing)

    def run(self, *, stay: bool = False) -> None:
        """Plays until it is stopped or, without `stay`, over."""
        shown: tuple[float, bool] | None = None
        while not self._stopped:
            with self._changed:
                self._advance()
                over = self._at_s >= self.end_s
                self._playing = self._playing and not over
                goal = self._at_s, self._playing
            if goal != shown:
                shown = goal
                self._replay.go_to(goal[0], paused=not goal[1])
            if over and not stay:
                break
            with self._changed:
                if (self._at_s, self._playing) == goal and not self._stopped:
                    self._changed.wait(TICK_S if self._playing else None)
        self._replay.close()

    @contextmanager
    def _change(self) -> Generator[None]:
        """Time passes up to now as before, and from then on as it is changed to."""
        with self._changed:
            self._advance()
            yield
            self._changed.notify()

    def _advance(self) -> None:
        now_s = self._clock()
        if self._playing:
            self._at_s = min(self._at_s + (now_s - self._at_clock_s) * self._speed, self.end_s)
        self._at_clock_s = now_s


ReplayScreen = Callable[[LiveBuffer, Player, Callable[[], bool]], None]


def replay_session(session: Session, speed: float, screen: ReplayScreen, *, stay: bool = False) -> None:
    """Shows the session on `screen`; with `stay` until the screen is closed."""
    buffer = LiveBuffer()
    player = Player(Replay(session.read(), logged(session), buffer), speed)
    with ThreadPoolExecutor(1, thread_name_prefix="replay") as thread:
        running = thread.submit(lambda: player.run(stay=stay))
        try:
            screen(buffer, player, lambda: not running.done())
        finally:
            player.stop()
        running.result()
