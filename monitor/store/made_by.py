"""What made a session's results: program, code and parameters, beside them in `results/made_by.json`."""

import json
from dataclasses import asdict, dataclass, fields
from typing import cast

from monitor.store.session import Session

MADE_BY = "made_by.json"


@dataclass(frozen=True, slots=True)
class MadeBy:
    """`code` names the analysis as it was, with its parameters; `trouble` the error where there are no results."""

    program: str = ""
    code: str = ""
    made: str = ""
    trouble: str = ""

    def text(self) -> str:
        """The text of the file."""
        return json.dumps(asdict(self), indent=1) + "\n"


def read_made_by(session: Session) -> MadeBy:
    """What the session's results say; nothing where there are none, or an older program made them."""
    try:
        content: object = json.loads((session.results / MADE_BY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return MadeBy()
    found = cast("dict[str, object]", content) if isinstance(content, dict) else {}
    return MadeBy(**{f.name: str(found.get(f.name, "")) for f in fields(MadeBy)})
