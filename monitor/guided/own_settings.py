"""Who wears the straps, his sizes and what is settled for all commands: as a form, checked, and kept in its files.

Invariant: nothing is written before all is right, and then only what was changed; while straps are simulated nothing
of a person.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from analysis.gap.live_gap import GapParams
from monitor.amended import Value
from monitor.guided.own_texts import problem, shown_mm, shown_time, size_mm, time_of_day
from monitor.guided.spacer import TENNIS_BALL_MM, own_spacer_mm
from monitor.language import first_fitting, fitting, languages, locale_wishes, use
from monitor.language import gettext as _
from monitor.live_window.settings_form import PERSON, SILENT, SIZES, Field, SettingsForm, SettingsOffer
from monitor.settings import CueBy, Settings, change_settings, read_settings
from monitor.store import Store
from monitor.store.locks import alone
from monitor.store.wearers import SameName, UnknownWearer, Wearers
from sensor.tables.wearer_file import sizes_mm
from sensor.wearer import Wearer

BLANK = {**dict.fromkeys(PERSON, ""), Field.SPACER: shown_mm(TENNIS_BALL_MM)}


class OwnSettings:
    """What the page can do for the wearer of this id, for the last one if it is empty; `kept` once it wrote."""

    def __init__(self, store: Store, wearer: str = "", *, simulated: bool = False) -> None:
        self._home, self._wearers, self._people = store.home, Wearers(store.home), not simulated
        self._wearer = self._wearers.find(wearer) if wearer else self._wearers.last()
        self.kept = False
        self.offer = self._offered(read_settings(store.home))

    @property
    def wearer(self) -> str:
        """Whose form it is, by his id; empty for whoever gave no sizes yet."""
        return self._wearer.id if self._wearer else ""

    def problems(self, form: SettingsForm) -> Mapping[Field, str]:
        """What keeps the form from being kept: a line for each field that is not right."""
        person = self._person(form)
        told = {field: problem(field, form.texts[field].strip()) for field in (*person, *self._silent(form))}
        if form.new or Field.NAME in person:
            told[Field.NAME] = self._name_problem(form.texts[Field.NAME].strip(), new=form.new)
        if not form.texts[Field.FEMUR].strip() and (form.new or any(f is not Field.SPACER for f in person)):
            told[Field.FEMUR] = _("Measure this, too: without it the others are of no use.")
        return {field: text for field, text in told.items() if text}

    def keep(self, form: SettingsForm) -> None:
        """Writes what was changed in a form without problems; raises `KneeGapError`."""
        person, settled = self._person(form), self._settled(form)
        if settled:
            # Before anything of the person, since it refuses a file that has mistakes in it.
            change_settings(self._home, settled)
        if sizes := [field for field in person if field is not Field.SPACER]:
            self._keep_person(form, sizes)
        if Field.SPACER in person:
            own_spacer_mm(self._wearers.folder(self.wearer), size_mm(form.texts[Field.SPACER]))
        if "language" in settled:
            use(first_fitting([form.language, *locale_wishes()]))
        self.kept = bool(person or settled)

    def _offered(self, now: Settings) -> SettingsOffer:
        texts = {
            **BLANK,
            Field.SILENT_FROM: shown_time(now.silent_from),
            Field.SILENT_UNTIL: shown_time(now.silent_until),
        }
        sizes, message = self._wearer.sizes if self._wearer else None, ""
        if not self._people:
            message = _(
                "The straps are simulated, and so is who wears them: sizes are not asked for here. "
                "Your own are kept when you start without --sim."
            )
        elif self._wearer and not sizes:
            message = _("The file of these sizes cannot be read: it is set aside when you save new ones.")
        if sizes:
            texts |= {Field(key): shown_mm(mm) for key, mm in sizes_mm(sizes).items()} | {Field.NAME: sizes.name}
        if self._people:
            texts[Field.SPACER] = shown_mm(own_spacer_mm(self._wearers.folder(self.wearer)))
        form = SettingsForm(
            texts,
            now.cue.sounds,
            now.cue.buzzes,
            round(100 * now.volume),
            now.speech,
            (fitting(now.language) if now.language else None) or "",
        )
        usual = GapParams()
        return SettingsOffer(
            form,
            BLANK,
            {
                Field.FEMUR: round(1000 * usual.femur_m),
                Field.HIP_WIDTH: round(1000 * usual.hip_width_m),
                Field.KNEE_WIDTH: round(1000 * usual.knee_width_m),
            },
            self._wearer is not None,
            self._people,
            languages(),
            message,
        )

    def _person(self, form: SettingsForm) -> tuple[Field, ...]:
        """The fields of the person that were filled in or changed."""
        before = self.offer.blank if form.new else self.offer.form.texts
        return tuple(f for f in PERSON if form.texts[f].strip() != before[f]) if self._people else ()

    def _silent(self, form: SettingsForm) -> tuple[Field, ...]:
        return tuple(f for f in SILENT if form.texts[f].strip() != self.offer.form.texts[f])

    def _name_problem(self, name: str, *, new: bool) -> str:
        own = "" if new else self.wearer
        if not name:
            alone_here = not any(w.id != own for w in self._wearers.known())
            return "" if alone_here else _("Give a name, to be told from the others.")
        try:
            taken = self._wearers.find(name).id != own
        except UnknownWearer:
            return ""
        except SameName:
            taken = True
        return _("Somebody is called that: add something to tell both apart.") if taken else ""

    def _settled(self, form: SettingsForm) -> dict[str, Value]:
        """What is to be written into the settings."""
        was, changed = self.offer.form, dict[str, Value]()
        if (form.sound, form.buzz) != (was.sound, was.buzz):
            changed["cue"] = next(c for c in CueBy if (c.sounds, c.buzzes) == (form.sound, form.buzz)).value
        if form.volume_pct != was.volume_pct:
            changed["volume"] = form.volume_pct / 100
        if form.speech != was.speech:
            changed["speech"] = form.speech
        if form.language != was.language:
            changed["language"] = form.language
        silent: dict[str, time] = {f: time_of_day(form.texts[f]) for f in self._silent(form)}
        return changed | silent

    def _keep_person(self, form: SettingsForm, changed: list[Field]) -> None:
        known = None if form.new else self._wearer
        texts = {field: form.texts[field].strip() for field in changed}
        sizes_m = {f: size_mm(texts[f]) / 1000 if texts[f] else None for f in SIZES if f in texts}
        sizes = known.sizes if known and known.sizes else Wearer(sizes_m[Field.FEMUR] or 0.0)
        sizes = replace(
            sizes,
            femur_m=sizes_m.get(Field.FEMUR) or sizes.femur_m,
            hip_width_m=sizes_m.get(Field.HIP_WIDTH, sizes.hip_width_m),
            knee_width_m=sizes_m.get(Field.KNEE_WIDTH, sizes.knee_width_m),
            height_m=sizes_m.get(Field.HEIGHT, sizes.height_m),
            name=texts.get(Field.NAME, sizes.name),
        )
        with alone(self._wearers.top):
            self._wearer = self._wearers.change(known, sizes) if known else self._wearers.add(sizes)
        self._wearers.use(self._wearer)
