"""`kneegap note` and `delete`: what is written beside a session, and what goes for good."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.wording.printable import printable
from sensor.errors import KneeGapError

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.store import Store


class NotConfirmed(KneeGapError):
    """Nobody was there to say that it shall go."""

    def __init__(self) -> None:
        super().__init__("nothing was deleted: answer `y`, or add --yes")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("note")(note_session)
    app.command("delete")(delete)


def note_session(
    name: Annotated[str, typer.Argument(metavar="SESSION", help="a session's folder, or its id in the store")],
    text: Annotated[str | None, typer.Option("--text", help="a note in place of the one before; '' removes it")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="add a tag; may be given several times")] = None,
    untag: Annotated[list[str] | None, typer.Option(help="remove a tag; may be given several times")] = None,
    wearer: Annotated[str, typer.Option(metavar="NAME", help="whose session it was, by name or id")] = "",
) -> None:
    """Write a note or tags beside a session, or say whose it was; without any, show them."""
    from dataclasses import replace

    from monitor.store import Store
    from monitor.store.notes import read_note, set_note, set_tags, tidy_tags
    from monitor.store.wearers import Wearers

    store = Store()
    session = store.find(name)
    if wearer:
        session.write_meta(replace(session.meta, wearer=Wearers(store.home).find(wearer).id))
    if text is not None:
        set_note(session, text)
    if tag or untag:
        gone = set(tidy_tags(tuple(untag or ())))
        set_tags(session, tuple(t for t in (*read_note(session).tags, *tidy_tags(tuple(tag or ()))) if t not in gone))
    note = read_note(session)
    typer.echo(f"{session.meta.id}  {printable(note.text, 10_000)}".rstrip() + "".join(f" #{t}" for t in note.tags))


def delete(
    names: Annotated[list[str] | None, typer.Argument(metavar="SESSION...", help="ids that history lists")] = None,
    wearer: Annotated[str, typer.Option(metavar="NAME", help="this wearer with all his sessions")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="without asking")] = False,
) -> None:
    """Delete sessions, or a wearer with everything kept of him, for good."""
    from monitor.store import Store
    from monitor.store.removal import delete_sessions, stored_folder

    if bool(names) == bool(wearer):
        raise typer.BadParameter("give sessions, or --wearer NAME")
    store = Store()
    if wearer:
        _delete_wearer(store, wearer, yes=yes)
        return
    folders = [stored_folder(store, name) for name in names or ()]
    _confirm(f"Delete {_named(folders)} with recording, results and notes, for good?", yes=yes)
    delete_sessions(store, folders)
    typer.echo(f"deleted {_named(folders)}")


def _delete_wearer(store: "Store", name: str, *, yes: bool) -> None:
    from monitor.store.removal import delete_wearer, sessions_of
    from monitor.store.wearers import Wearers

    known = Wearers(store.home).find(name)
    own = sessions_of(store, known.id)
    _confirm(f"Delete {printable(known.shown)} with {len(own)} sessions, sizes and measurements, for good?", yes=yes)
    typer.echo(f"deleted {printable(known.shown)} and {delete_wearer(store, known.id)} sessions")


def _named(folders: "list[Path]") -> str:
    return ", ".join(folder.name for folder in folders)


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty() or not typer.confirm(question):
        raise NotConfirmed
