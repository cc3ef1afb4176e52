"""Questions that come again and again during an exercise; who does not answer is taken to be in need.

Invariant: a double tap answers only once both thighs were still for STILL_S since the question: no knock is an answer.
"""

from collections.abc import Collection, Sequence

from monitor.coach.plan import Question
from monitor.coach.signals import Action, Ending, Seen

STILL_S = 1.0


class Questions:
    """Asks one question at a time; see `tick`."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._questions = tuple(questions)
        self._since_s = [0.0] * len(self._questions)
        self._left_s = 0.0
        self._still_s = 0.0
        self._calm = False
        self.asked: Question | None = None
        self.due = False

    @property
    def left_s(self) -> float:
        """Time left to answer."""
        return self._left_s

    def pass_by(self, active_s: float) -> None:
        """Lets time in the exercise pass."""
        self._since_s = [since_s + active_s for since_s in self._since_s]
        for i, question in enumerate(self._questions):
            if self.asked is None and self._since_s[i] > question.every_s:
                self.asked, self.due = question, True
                self._since_s[i] = self._still_s = 0.0
                self._left_s, self._calm = question.wait_s, False

    def tick(self, passed_s: float, seen: Seen, actions: Collection[Action]) -> Ending | None:
        """How the session ends with this answer; None where it goes on or is still waited for."""
        self.due = False
        calm = bool(seen.still) and all(seen.still.values())
        self._still_s = self._still_s + passed_s if calm else 0.0
        self._calm = self._calm or self._still_s >= STILL_S
        if Action.YES in actions:
            return Ending.PAIN
        if Action.NO in actions or (Action.TAP in actions and self._calm):
            self.asked = None
            return None
        self._left_s -= passed_s
        return Ending.NO_ANSWER if self._left_s <= 0 else None
