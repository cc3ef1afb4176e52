"""What a session's results mean, in layman's words and the wearer's language.

Invariant: a sentence claims nothing that its table does not hold; what cannot be told is said to be unknown.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from analysis.alignment.mounting import Alignment, CalibrationPosture, Finding
from analysis.results import (
    Cause,
    CheckRow,
    DriftEvent,
    Hold,
    HoldVerdict,
    Repetition,
    RepVerdict,
    Step,
    Tables,
)
from monitor.language import N_, ngettext
from monitor.language import gettext as _
from monitor.report.svg import clock
from monitor.wording import names
from monitor.wording.lengths import Z95, length_text, uncertain_text
from sensor.markers import CALIBRATION, Label, Marker
from sensor.recorded import Device
from sensor.samples import THIGHS, Placement

SURE, LIKELY = 0.8, 0.5


def headline(tables: Tables, exercise: str | None) -> str:
    """The session in one sentence."""
    if tables.check:
        return check_sentence(tables.check)
    if exercise == "walk" and tables.steps:
        return steps_sentence(tables.steps)
    done = [r for r in tables.repetitions if exercise is None or r.exercise == exercise]
    if done:
        return repetitions_sentence(done)
    return holds_sentence(tables.holds)


def holds_sentence(holds: tuple[Hold, ...]) -> str:
    """How long the knees were together."""
    sure = [h for h in holds if h.verdict is HoldVerdict.OK]
    unknown = _unknown_holds(len(holds) - len(sure))
    if not sure:
        return joined([_("No hold was counted in this session."), unknown])
    words = ngettext(
        "Knees together for {minutes} min in one hold.",
        "Knees together for {minutes} min in {n} holds, the longest {longest}.",
        len(sure),
    )
    longest = clock(max(h.net_s for h in sure))
    said = words.format(minutes=clock(sum(h.net_s for h in sure)), n=len(sure), longest=longest)
    return joined([said, unknown])


def repetitions_sentence(repetitions: list[Repetition]) -> str:
    """How many repetitions were good, per side."""
    parts: list[str] = []
    for side in dict.fromkeys(r.side for r in repetitions):
        verdicts = Counter(r.verdict for r in repetitions if r.side is side)
        counted = [_VERDICT_COUNTS[v] for v in RepVerdict if verdicts[v] or v is RepVerdict.OK]
        found = [verdicts[v] for v in RepVerdict if verdicts[v] or v is RepVerdict.OK]
        words = listed([_(text).format(n=n) for text, n in zip(counted, found, strict=True)])
        parts.append(_("{side}: {verdicts}").format(side=names.side_name(side), verdicts=words))
    n = len(repetitions)
    whole = ngettext("{n} repetition ({sides}).", "{n} repetitions ({sides}).", n)
    return whole.format(n=n, sides="; ".join(parts))


def check_sentence(check: tuple[CheckRow, ...]) -> str:
    """Relaxed and squeezed gap over the repetitions; the spread counts as uncertainty too."""
    return _("Knee gap standing with the ankles together: relaxed {relaxed}, squeezed {squeezed}.").format(
        relaxed=mean_text([(r.relaxed_m, r.relaxed_sd_m) for r in check]),
        squeezed=mean_text([(r.squeezed_m, r.squeezed_sd_m) for r in check]),
    )


def steps_sentence(steps: tuple[Step, ...]) -> str:
    """Steps and cadence; the foot's angle only where foot straps measured it."""
    n = len(steps)
    minutes = clock(steps[-1].end_s - steps[0].start_s)
    words = ngettext("{n} step in {minutes} min.", "{n} steps in {minutes} min.", n).format(n=n, minutes=minutes)
    angles = {side: [s.foot_progression_rad for s in steps if s.side == side] for side in ("left", "right")}
    known = {side: [a for a in values if np.isfinite(a)] for side, values in angles.items()}
    if not any(known.values()):
        return joined([words, _("How the toes point cannot be told without foot straps.")])
    turned = [
        _("{side} {degrees:.0f}° out").format(side=names.side_name(side), degrees=np.degrees(np.median(v)))
        for side, v in known.items()
        if v
    ]
    return joined([words, _("Toes: {sides}.").format(sides=listed(turned))])


def cause_sentence(event: DriftEvent) -> str:
    """What happened, when, and what it did not mean."""
    what = _(_CAUSES[event.cause]).format(
        strap=names.strap_place(event.placement),
        length=length_text(event.size),
        degrees=abs(np.degrees(event.size)),
        percent=abs(100 * event.size),
        seconds=event.size,
    )
    # Translators: as in "6:20 to 6:45: the right strap slid ...; the knees did not open (sure)."
    return _("{start} to {end}: {what} ({sureness}).").format(
        start=clock(event.start_s), end=clock(event.end_s), what=what, sureness=_sureness(event.confidence)
    )


def cause_label(event: DriftEvent) -> str:
    """A cause and its strap in few words."""
    name = names.cause_name(event.cause)
    if event.placement is None:
        return name
    # Translators: a label beside a bar, as in "slip, right strap".
    return _("{cause}, {strap} strap").format(cause=name, strap=names.strap_place(event.placement))


def calibration_sentences(alignment: Alignment, markers: tuple[Marker, ...]) -> list[str]:
    """How the straps were calibrated, and what was wrong with it."""
    out = [_steps_sentence(markers)]
    for placement in THIGHS:
        strap, place = alignment.straps.get(placement), names.strap_place(placement)
        if strap is None:
            words = _("The {strap} strap could not be aligned with the thigh; no gap without it.")
            out.append(words.format(strap=place))
            continue
        if not strap.knee_axis_seen:
            words = _("The {strap} knee's axis was not seen (no clear leg raise); the gap is less certain.")
            out.append(words.format(strap=place))
        if strap.posture is CalibrationPosture.UNKNOWN:
            words = _("The posture of the calibration is unclear for the {strap} strap.")
            out.append(words.format(strap=place))
    out += [_(_FINDINGS[f.finding]).format(strap=names.strap_place(f.placement)) for f in alignment.findings]
    return list(dict.fromkeys(out))


def trust_sentences(tables: Tables) -> list[str]:
    """How far the figures can be trusted."""
    out: list[str] = []
    sd_m = tables.gap.sd_m[np.isfinite(tables.gap.gap_m)]
    if len(sd_m):
        half = length_text(Z95 * float(np.median(sd_m)))
        out.append(_("Half of the time the gap is known to ± {half} (95 %) or better.").format(half=half))
    known = float(np.mean(np.isfinite(tables.gap.gap_m[tables.gap.time_s >= 0]))) if len(tables.gap.time_s) else 0.0
    out.append(_("The gap is known for {percent:.0f} % of the session.").format(percent=100 * known))
    return out


def clock_sentences(devices: Mapping[Placement, Device]) -> list[str]:
    """Which straps do not tell the time."""
    return [
        _("The {strap} strap ({device}) has no clock: its sample times are made regular from their arrivals.").format(
            strap=names.strap_place(placement), device=device.name
        )
        for placement, device in devices.items()
        if not device.clock
    ]


def safety_sentences(markers: tuple[Marker, ...]) -> list[str]:
    """Pain and numbness that the wearer reported."""
    advice = _("Loosen and rest; if it stays or comes back, ask a doctor before you go on.")
    reported = {
        Label.PAIN: _("Pain was reported at {time}."),
        Label.NUMBNESS: _("Numbness was reported at {time}."),
    }
    return [
        joined([words.format(time=clock(m.start_s)), advice])
        for label, words in reported.items()
        for m in markers
        if m.label == label
    ]


def joined(sentences: list[str]) -> str:
    """Sentences one after the other; empty ones are left out."""
    # Translators: what stands between two sentences (nothing in Chinese).
    return _(" ").join(s for s in sentences if s)


def listed(parts: list[str]) -> str:
    """Things in a row."""
    # Translators: what stands between the parts of a list.
    return _(", ").join(parts)


def mean_text(rows: list[tuple[float, float]]) -> str:
    """The mean of measurements and their standard deviations (m), with what it is uncertain by."""
    known = np.array([row for row in rows if np.isfinite(row[0])])
    if not len(known):
        return _("unknown")
    # Repetitions share their calibration, so their standard deviations do not average out.
    sd_m = float(np.hypot(np.std(known[:, 0]), np.nanmean(known[:, 1]))) if np.isfinite(known[:, 1]).any() else np.nan
    return uncertain_text(float(known[:, 0].mean()), sd_m)


def _steps_sentence(markers: tuple[Marker, ...]) -> str:
    present = {m.label for m in markers}
    missing = [label for label in (Label.TABLE, Label.TOUCH, Label.SPACER, Label.LEG_RAISE) if label not in present]
    if not missing:
        return _("Calibrated with table rest, touch, spacer and leg raise.")
    if len(missing) == len(CALIBRATION):
        return _("Not calibrated in this session: the gap is less certain.")
    steps = listed([names.marker_name(label) for label in missing])
    return _("Calibrated without {steps}: the gap is less certain.").format(steps=steps)


def _sureness(confidence: float) -> str:
    return _("sure") if confidence >= SURE else _("likely") if confidence >= LIKELY else _("possible")


def _unknown_holds(n: int) -> str:
    if not n:
        return ""
    return ngettext(
        "One hold could not be judged and is not credited.",
        "{n} holds could not be judged and are not credited.",
        n,
    ).format(n=n)


_VERDICT_COUNTS: Mapping[RepVerdict, str] = {
    RepVerdict.OK: N_("{n} complete"),
    RepVerdict.SHORT: N_("{n} not complete"),
    RepVerdict.UNKNOWN: N_("{n} could not be judged"),
}
_CAUSES: Mapping[Cause, str] = {
    Cause.OPENING: N_("the knees slowly opened, by {length}"),
    Cause.SLIP: N_("the {strap} strap slid or turned by about {degrees:.0f}°; the knees did not open"),
    Cause.LOOSENING: N_("the {strap} strap became looser by {percent:.0f} %; the knees did not open"),
    Cause.TIGHTENING: N_("the {strap} strap became tighter by {percent:.0f} %; the knees did not move"),
    Cause.CREEP: N_("the {strap} strap settled by {percent:.0f} %, as fabric does; this is no event"),
    Cause.HEADING: N_("the sensors' sense of direction drifted and was corrected; the knees did not open"),
    Cause.DATA_GAP: N_("nothing arrived from the {strap} strap for {seconds:.0f} s; this time is not judged"),
}
_FINDINGS: Mapping[Finding, str] = {
    Finding.NO_TABLE: N_("The {strap} strap was not seen lying still; its gyroscope's error is less well known."),
    Finding.TABLE_MOVED: N_("The {strap} strap was moved while it should have lain on the table."),
    Finding.TOUCH_NOT_STILL: N_("The {strap} leg moved while the knees should have touched."),
    Finding.NO_KNEE_AXIS: N_("The {strap} leg raise did not show the knee's axis clearly."),
    Finding.PIVOT_UNCLEAR: N_("Where the {strap} strap sits along the thigh is not well known."),
    Finding.STRAPS_SWAPPED: N_("The straps sat on each other's legs; this was put right."),
    Finding.MOUNTING_REMEMBERED: N_(
        "How the {strap} strap sits was taken from the last calibration: the gap is less sure than after a new one."
    ),
    Finding.BIAS_REMEMBERED: N_("The {strap} strap's gyroscope was known from earlier sessions."),
    Finding.MEMORY_CONTRADICTED: N_(
        "What was remembered of the {strap} strap no longer held, so it was left out of account."
    ),
}
