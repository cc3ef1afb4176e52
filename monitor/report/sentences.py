"""What a session's results mean, in layman's words.

Invariant: a sentence claims nothing that its table does not hold; what cannot be told is said to be unknown.
"""

from collections import Counter

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
from monitor.report.svg import clock
from sensor.markers import Label, Marker
from sensor.samples import THIGHS, Placement

SMALL_GAP_LOSS_PCT = 1.0


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
    if not sure:
        return "No hold was counted in this session." + _unknown(len(holds))
    net_s, longest_s = sum(h.net_s for h in sure), max(h.net_s for h in sure)
    count = "one hold" if len(sure) == 1 else f"{len(sure)} holds, the longest {clock(longest_s)}"
    return f"Knees together for {clock(net_s)} min in {count}.{_unknown(len(holds) - len(sure))}"


def repetitions_sentence(repetitions: list[Repetition]) -> str:
    """How many repetitions were good, per side."""
    parts: list[str] = []
    for side in dict.fromkeys(r.side for r in repetitions):
        verdicts = Counter(r.verdict for r in repetitions if r.side is side)
        words = f"{verdicts[RepVerdict.OK]} complete"
        for verdict, name in ((RepVerdict.SHORT, "broken off early"), (RepVerdict.UNKNOWN, "could not be judged")):
            words += f", {verdicts[verdict]} {name}" if verdicts[verdict] else ""
        parts.append(f"{'both knees' if side == 'both' else side}: {words}")
    return f"{len(repetitions)} repetitions ({'; '.join(parts)})."


def check_sentence(check: tuple[CheckRow, ...]) -> str:
    """Relaxed and squeezed gap over the repetitions; the spread counts as uncertainty too."""
    parts: list[str] = []
    for name, values, sds in (
        ("relaxed", [r.relaxed_m for r in check], [r.relaxed_sd_m for r in check]),
        ("squeezed", [r.squeezed_m for r in check], [r.squeezed_sd_m for r in check]),
    ):
        known = [(v, s) for v, s in zip(values, sds, strict=True) if np.isfinite(v)]
        if not known:
            parts.append(f"{name}: unknown")
            continue
        mean_m = float(np.mean([v for v, _ in known]))
        # Repetitions share their calibration, so their standard deviations do not average out.
        sd_m = float(np.hypot(np.std([v for v, _ in known]), np.nanmean([s for _, s in known])))
        parts.append(f"{name} {1e3 * mean_m:.0f} ± {1.96e3 * sd_m:.0f} mm")
    return f"Knee gap standing with the ankles together: {', '.join(parts)}."


def steps_sentence(steps: tuple[Step, ...]) -> str:
    """Steps and cadence; the foot's angle only where foot straps measured it."""
    walked_s = steps[-1].end_s - steps[0].start_s
    words = f"{len(steps)} steps in {clock(walked_s)} min."
    angles = {side: [s.foot_progression_rad for s in steps if s.side == side] for side in ("left", "right")}
    known = {side: [a for a in values if np.isfinite(a)] for side, values in angles.items()}
    if not any(known.values()):
        return words + " How the toes point cannot be told without foot straps."
    toes = ", ".join(f"{side} {np.degrees(np.median(v)):.0f}° out" for side, v in known.items() if v)
    return f"{words} Toes: {toes}."


def cause_sentence(event: DriftEvent) -> str:
    """What happened, when, and what it did not mean."""
    when = f"{clock(event.start_s)} to {clock(event.end_s)}"
    strap = f"the {_strap(event.placement)} strap"
    percent = abs(100 * event.size)
    words = {
        Cause.OPENING: f"the knees slowly opened, by {1e3 * event.size:.0f} mm",
        Cause.SLIP: f"{strap} slid or turned by about {abs(np.degrees(event.size)):.0f}°; the knees did not open",
        Cause.LOOSENING: f"{strap} became looser by {percent:.0f} %; the knees did not open",
        Cause.TIGHTENING: f"{strap} became tighter by {percent:.0f} %; the knees did not move",
        Cause.CREEP: f"{strap} settled by {percent:.0f} %, as fabric does; this is no event",
        Cause.HEADING: "the sensors' sense of direction drifted and was corrected; the knees did not open",
        Cause.DATA_GAP: f"nothing arrived from {strap} for {event.size:.0f} s; this time is not judged",
    }
    return f"{when}: {words[event.cause]} ({_sureness(event.confidence)})."


def cause_name(event: DriftEvent) -> str:
    """A cause and its strap in two words."""
    return f"{event.cause.replace('_', ' ')} {_strap(event.placement)}".strip()


def trust_sentences(alignment: Alignment, markers: tuple[Marker, ...], tables: Tables) -> list[str]:
    """How the straps were calibrated and how far the numbers can be trusted."""
    out = [_missing_steps(markers)]
    for placement in THIGHS:
        strap = alignment.straps.get(placement)
        if strap is None:
            out.append(f"The {_strap(placement)} strap could not be aligned with the thigh; no gap without it.")
        elif not strap.knee_axis_seen:
            out.append(
                f"The {_strap(placement)} knee's axis was not seen (no clear leg raise); the gap is less certain."
            )
        if strap is not None and strap.posture is CalibrationPosture.UNKNOWN:
            out.append(f"The posture of the calibration is unclear for the {_strap(placement)} strap.")
    out += [_FINDINGS[f.finding].format(strap=_strap(f.placement)) for f in alignment.findings]
    sd_mm = 1e3 * tables.gap.sd_m[np.isfinite(tables.gap.gap_m)]
    if len(sd_mm):
        out.append(f"Half of the time the gap is known to ± {1.96 * float(np.median(sd_mm)):.0f} mm (95 %) or better.")
    known = float(np.mean(np.isfinite(tables.gap.gap_m[tables.gap.time_s >= 0]))) if len(tables.gap.time_s) else 0.0
    out.append(f"The gap is known for {100 * known:.0f} % of the session.")
    return [sentence for sentence in dict.fromkeys(out) if sentence]


def safety_sentences(markers: tuple[Marker, ...]) -> list[str]:
    """Pain and numbness that the wearer reported."""
    advice = "Loosen and rest; if it stays or comes back, ask a doctor before you go on."
    return [
        f"{label.capitalize()} was reported at {clock(m.start_s)}. {advice}"
        for label in (Label.PAIN, Label.NUMBNESS)
        for m in markers
        if m.label == label
    ]


def _missing_steps(markers: tuple[Marker, ...]) -> str:
    steps = {Label.TABLE: "table rest", Label.TOUCH: "touch", Label.SPACER: "spacer", Label.LEG_RAISE: "leg raise"}
    present = {m.label for m in markers}
    missing = [name for label, name in steps.items() if label not in present]
    if not missing:
        return "Calibrated with table rest, touch, spacer and leg raise."
    return f"Calibration without {' and '.join(missing)}: the gap is less certain."


def _strap(placement: Placement | None) -> str:
    return "" if placement is None else placement.removesuffix("_thigh").replace("_", " ")


def _sureness(confidence: float) -> str:
    return "sure" if confidence >= 0.8 else "likely" if confidence >= 0.5 else "possible"


def _unknown(count: int) -> str:
    if not count:
        return ""
    if count == 1:
        return " One hold could not be judged and is not credited."
    return f" {count} holds could not be judged and are not credited."


_FINDINGS = {
    Finding.NO_TABLE: "The {strap} strap was not seen lying still; its gyroscope's error is less well known.",
    Finding.TABLE_MOVED: "The {strap} strap was moved while it should have lain on the table.",
    Finding.TOUCH_NOT_STILL: "The {strap} leg moved while the knees should have touched.",
    Finding.NO_KNEE_AXIS: "The {strap} leg raise did not show the knee's axis clearly.",
    Finding.PIVOT_UNCLEAR: "Where the {strap} strap sits along the thigh is not well known.",
    Finding.STRAPS_SWAPPED: "The straps were swapped, left for right.",
}
