"""The command line: `kneegap COMMAND`, one module a family of commands.

In the order in which they run: `app` (all commands), `sessions` (import, analyze), `exports`, `radio`, `live`, ...

Invariant: 0 on success, 2 on bad usage, 1 with one line on stderr where a command cannot do its job; no traceback.
"""

import os
import sys

DEBUG_VARIABLE = "KNEEGAP_DEBUG"


def main() -> int:
    """Runs the command that the command line names; the exit status."""
    try:
        return _run(debug=bool(os.environ.get(DEBUG_VARIABLE)))
    except KeyboardInterrupt:
        return 130


def _run(*, debug: bool) -> int:
    # All is imported only now: an interrupt or an error in starting up is one of the command, too.
    from sensor.errors import KneeGapError

    try:
        _quieten(debug=debug)
        from monitor.cli.app import app, language_first

        app(language_first(sys.argv[1:]), prog_name="kneegap")
    except KneeGapError as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(f"{error.filename or 'the system'}: {error.strerror or error}: check it and try again")
    except Exception as error:
        if debug:
            raise
        return _failed(f"a fault of this program ({type(error).__name__}: {error}): please report it, {_HOW}")
    return 0


def _quieten(*, debug: bool) -> None:
    """Logs and warnings are for those who ask for them."""
    import logging
    import warnings

    logging.basicConfig(level=logging.DEBUG if debug else logging.CRITICAL)
    if not debug and not sys.warnoptions:
        warnings.simplefilter("ignore")


_HOW = f"with what {DEBUG_VARIABLE}=1 makes it print"


def _failed(text: str) -> int:
    sys.stderr.write("kneegap: " + " ".join(text.split()) + "\n")
    return 1
