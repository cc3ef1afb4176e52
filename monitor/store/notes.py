"""What the wearer wrote about a session: a note and tags, in its folder's `notes.toml`."""

import json
from dataclasses import dataclass, replace

from monitor.config import read_config
from monitor.owner_files import refusals, write_text
from monitor.store.session import Session
from sensor.errors import ConfigError

FILE = "notes.toml"


@dataclass(frozen=True, slots=True)
class Note:
    """A note in the wearer's words, and tags, each once and in order."""

    text: str = ""
    tags: tuple[str, ...] = ()


def read_note(session: Session) -> Note:
    """The session's note; an empty one where there is none, or none that can be read."""
    try:
        return _read(session)
    except ConfigError:
        return Note()


def write_note(session: Session, note: Note) -> None:
    """Keeps the note; an empty one leaves no file."""
    path = session.folder / FILE
    text, tags = _writable(note.text), tidy_tags(note.tags)
    if not text and not tags:
        with refusals(path):
            path.unlink(missing_ok=True)
        return
    # TOML's basic strings and arrays are JSON's.
    told, listed = (json.dumps(value, ensure_ascii=False) for value in (text, list(tags)))
    write_text(path, f"text = {told}\ntags = {listed}\n")


def set_note(session: Session, text: str) -> None:
    """Replaces the text alone; `ConfigError` where what is there cannot be read, and so not be kept."""
    write_note(session, replace(_read(session), text=text))


def set_tags(session: Session, tags: tuple[str, ...]) -> None:
    """Replaces the tags alone; `ConfigError` likewise."""
    write_note(session, replace(_read(session), tags=tags))


def tidy_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Tags without blanks around them, each once, in order."""
    return tuple(sorted({" ".join(_writable(tag).split()) for tag in tags} - {""}))


def _read(session: Session) -> Note:
    path = session.folder / FILE
    return read_config(path, Note) if path.exists() else Note()


def _writable(text: str) -> str:
    """Without what no text file can hold, such as bytes of another encoding on the command line."""
    return text.encode(errors="replace").decode().replace("\x7f", "").strip()
