"""The people who wear the straps: a folder each, in which everything lies that is kept of one of them.

Invariant: people are told apart by id, never by name: two may have one name, and one may be measured again.
"""

import secrets
import unicodedata
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.amended import amend
from monitor.owner_files import make_folder, refusals, remove, whole_folder, write_text
from monitor.store.locks import alone
from sensor.errors import BadWearer, ConfigError, KneeGapError, NotReadable
from sensor.tables.wearer_file import read_wearer, sizes_mm, wearer_from_text, wearer_text
from sensor.wearer import Wearer

FILE = "wearer.toml"
LAST = "last"
# Whoever has not given any sizes or name yet.
UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class KnownWearer:
    """Somebody the store knows; `sizes` None where his file cannot be read; `shared` where another has his name."""

    id: str
    sizes: Wearer | None
    shared: bool = False

    @property
    def name(self) -> str:
        """The name he gave, or nothing."""
        return self.sizes.name if self.sizes else ""

    @property
    def shown(self) -> str:
        """What he is called on a screen."""
        return f"{self.name} ({self.id})" if self.name and self.shared else self.name or self.id or UNNAMED


class Wearers:
    """All wearers of the store in the data folder `home`."""

    def __init__(self, home: Path) -> None:
        self.top = home / "wearers"

    def folder(self, wearer: str) -> Path:
        """Where everything of one wearer lies, by his id; the empty id is whoever is not named yet."""
        return self.top / (wearer or UNNAMED)

    def folders(self) -> tuple[Path, ...]:
        """Everybody's folder, and that of whoever is not named."""
        if not self.top.is_dir():
            return ()
        return tuple(f for f in self.top.iterdir() if f.is_dir() and not f.name.startswith("."))

    def known(self) -> tuple[KnownWearer, ...]:
        """Everybody, by name."""
        known = [_known(f) for f in self.folders() if f.name != UNNAMED]
        names = Counter(_folded(w.name) for w in known)
        told = (replace(w, shared=names[_folded(w.name)] > 1) for w in known)
        return tuple(sorted(told, key=lambda w: (_folded(w.name), w.id)))

    def find(self, name: str) -> KnownWearer:
        """The wearer of an id or a name, or whoever is `unnamed`; `UnknownWearer` or `SameName`."""
        known = self.known()
        if name == UNNAMED:
            return KnownWearer("", None)
        if own := [w for w in known if w.id == name]:
            return own[0]
        named = [w for w in known if w.name and _folded(w.name) == _folded(name)]
        if not named:
            raise UnknownWearer(name, [w.shown for w in known])
        if len(named) > 1:
            raise SameName(name, [w.id for w in named])
        return named[0]

    def given(self, name: str) -> KnownWearer:
        """The wearer whom `--wearer` names: by a file of sizes (kept), a name or an id; he is the last one from now."""
        path = Path(name)
        if path.suffix.lower() == ".toml" or path.is_file():
            # Two processes with one file know one new wearer.
            with alone(self.top):
                found = self._of_file(path)
        else:
            found = self.find(name)
        self.use(found)
        return found

    def last(self) -> KnownWearer | None:
        """Whoever wore the straps last, or the only one there is."""
        known = self.known()
        if found := [w for w in known if w.id == self.remembered()]:
            return found[0]
        return known[0] if len(known) == 1 else None

    def remembered(self) -> str:
        """The id of whoever wore the straps last, as it was kept."""
        with suppress(OSError, UnicodeDecodeError):
            return (self.top / LAST).read_text(encoding="utf-8").strip()
        return ""

    def forget(self) -> None:
        """Remembers nobody as the last one."""
        remove(self.top / LAST)

    def use(self, wearer: KnownWearer) -> None:
        """Remembers who wears the straps now."""
        write_text(self.top / LAST, wearer.id + "\n")

    def add(self, sizes: Wearer) -> KnownWearer:
        """Somebody new, even of a name that is known; the first one takes over what the unnamed one left."""
        new, unnamed = self._new_id(), self.folder("")
        if self.known() or not unnamed.is_dir():
            with whole_folder(self.folder(new)) as folder:
                write_text(folder / FILE, wearer_text(sizes))
        else:
            write_text(unnamed / FILE, wearer_text(sizes))
            with refusals(unnamed):
                unnamed.rename(self.folder(new))
        return KnownWearer(new, sizes)

    def change(self, wearer: KnownWearer, sizes: Wearer) -> KnownWearer:
        """New sizes or a new name for somebody known; what else stands in his file stays."""
        make_folder(self.folder(wearer.id))
        amend(self.folder(wearer.id) / FILE, {**sizes_mm(sizes), "name": sizes.name or None}, wearer_from_text)
        return KnownWearer(wearer.id, sizes)

    def _of_file(self, path: Path) -> KnownWearer:
        sizes = read_wearer(path)
        named = [w for w in self.known() if _folded(w.name) == _folded(sizes.name)]
        for wearer in named:
            if wearer.sizes and wearer_text(wearer.sizes) == wearer_text(sizes):
                return wearer
        if not named:
            return self.add(sizes)
        if sizes.name:
            raise OtherSizes(path, named[0])
        return self.change(named[0], sizes)

    def _new_id(self) -> str:
        while True:
            new = f"w{secrets.token_hex(3)}"
            if not self.folder(new).exists():
                return new


class UnknownWearer(KneeGapError):
    """Nobody of this name or id."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name, self.known = name, tuple(known)
        whom = f"one of {', '.join(known)}, or " if known else ""
        super().__init__(f"no wearer is called {name!r}: give {whom}a W.toml with femur_mm and name")


class SameName(KneeGapError):
    """Several wearers have one name."""

    def __init__(self, name: str, ids: list[str]) -> None:
        self.name, self.ids = name, tuple(ids)
        super().__init__(f"{len(ids)} wearers are called {name}: give one of the ids {', '.join(ids)}")


class OtherSizes(KneeGapError):
    """A file of sizes whose name is known with other sizes: the same person, or another?"""

    def __init__(self, path: Path, known: KnownWearer) -> None:
        self.path, self.known = path, known
        super().__init__(
            f"{path}: {known.name} has other sizes so far: `kneegap wearers {known.id} --sizes {path}` changes them, "
            f"`kneegap wearers --new {path}` adds another person of this name"
        )


def _known(folder: Path) -> KnownWearer:
    try:
        return KnownWearer(folder.name, read_wearer(folder / FILE))
    except (BadWearer, ConfigError, NotReadable):
        return KnownWearer(folder.name, None)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()
