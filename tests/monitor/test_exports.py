"""Exports, read back by the programs they are for: equal values, units and times; anonymous ones name nobody."""

import json
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as parquet
import pyedflib
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.io import loadmat

from analysis.motion import GRID_HZ, Motion, unknown_segment
from analysis.params import AnalysisParams
from analysis.pipeline import analyze
from analysis.quaternion import from_rotvec
from firmware_sim.sessions.scenario import catalogue
from firmware_sim.sessions.simulate import simulate
from firmware_sim.sessions.truth import write as write_simulated
from monitor.exports.edf import physical_range
from monitor.exports.formats import Format, export
from monitor.exports.identity import without_identity
from monitor.exports.opensim import opensim_quaternions, write_opensim
from monitor.session_data import SessionData, load
from monitor.store import HOME_VARIABLE, SessionMeta
from sensor.markers import Marker
from sensor.samples import Placement
from sensor.tables.imported import read_folder
from tests.monitor.command_line import CommandLine


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> SessionData:
    """A clamp session of a named person, with a hole in the data and a note among the markers."""
    folder = tmp_path_factory.mktemp("person")
    write_simulated(folder, simulate(next(s for s in catalogue() if s.exercise == "clamp")))
    recorded = read_folder(folder)
    assert recorded.wearer is not None
    left = recorded.straps[Placement.LEFT_THIGH]
    holed = left.take(~((left.arrival_s > 100.0) & (left.arrival_s < 104.0)))
    recorded = replace(
        recorded,
        straps={**recorded.straps, Placement.LEFT_THIGH: holed},
        wearer=replace(recorded.wearer, name="Ada Lovelace"),
        markers=(*recorded.markers, Marker("call Grace", 110.0, 111.0, "Hopper"), Marker("pain", 120.0, 121.0, "Ada")),
    )
    meta = SessionMeta("2026-11-22_08-30-00_clamp", "clamp", "2026-11-22T08:30:00+01:00")
    return SessionData(meta, recorded, analyze(recorded), AnalysisParams())


def test_csv_in_pandas(session: SessionData, tmp_path: Path) -> None:
    export(session, tmp_path, Format.CSV)
    for name, columns in session.results.items():
        table = pd.read_csv(tmp_path / f"{name}.csv", keep_default_na=False, na_values={c: [""] for c in columns})
        assert list(table.columns) == list(columns)
        for heading, column in columns.items():
            if isinstance(column, np.ndarray):
                assert_allclose(table[heading].to_numpy(np.float64), column, atol=0.0051, err_msg=f"{name}.{heading}")
            else:
                assert table[heading].fillna("").astype(str).tolist() == list(column)


@pytest.mark.parametrize("live", [False, True])
def test_parquet_in_pandas_polars_and_arrow(session: SessionData, tmp_path: Path, live: bool) -> None:
    export(session, tmp_path, Format.PARQUET, live=live)
    for name, columns in (session.live_results if live else session.results).items():
        path = tmp_path / f"{name}.parquet"
        pandas, polars, arrow = pd.read_parquet(path), pl.read_parquet(path), parquet.read_table(path)
        assert list(pandas.columns) == polars.columns == arrow.column_names == list(columns)
        for heading, column in columns.items():
            if isinstance(column, np.ndarray):
                assert_array_equal(pandas[heading].to_numpy(np.float64), column.astype(np.float64))
                assert_array_equal(polars[heading].cast(pl.Float64).fill_null(np.nan).to_numpy(), column)
                assert arrow[heading].null_count == int(np.isnan(column.astype(np.float64)).sum())
            else:
                assert polars[heading].to_list() == list(column)


def test_columns_make_data_frames(session: SessionData) -> None:
    gap, flex = pd.DataFrame(session.results["gap"]), session.samples["left_thigh"]["flex"]
    unknown = int(pl.DataFrame(dict(session.results["gap"]))["gap_mm"].is_nan().sum())
    assert int(gap["gap_mm"].isna().to_numpy().sum()) == unknown
    assert unknown > 0
    assert len(flex) == len(session.recorded.straps[Placement.LEFT_THIGH])
    assert list(pd.DataFrame(session.markers)["label"])[-2:] == ["call Grace", "pain"]


def test_a_recording_is_imported_back(session: SessionData, tmp_path: Path) -> None:
    export(session, tmp_path, Format.RECORDING)
    again = read_folder(tmp_path)
    assert again.wearer == session.recorded.wearer
    assert again.markers == session.recorded.markers
    for placement, block in session.recorded.straps.items():
        for name in ("sample", "device_s", "acc_m_s2", "gyr_rad_s", "temperature_c", "flex", "tension"):
            assert_allclose(getattr(again.straps[placement], name), getattr(block, name), rtol=1e-12)
    assert_allclose(analyze(again).final.gap.gap_m, session.analysis.final.gap.gap_m, atol=1e-6)


def test_matlab(session: SessionData, tmp_path: Path) -> None:
    export(session, tmp_path, Format.MATLAB)
    content = loadmat(tmp_path / "session.mat", simplify_cells=True)
    assert content["session"]["started"] == session.meta.started
    for name, columns in {**session.results, **session.samples}.items():
        struct = content["results" if name in session.results else "samples"][name]
        for heading, column in columns.items():
            read = np.atleast_1d(struct[heading]).ravel()
            # Scipy reads an empty text of MATLAB as an empty array.
            if not isinstance(column, np.ndarray):
                read = np.array([x if isinstance(x, str) else "" for x in read], dtype=np.str_)
            assert_array_equal(read, np.asarray(column, dtype=read.dtype), f"{name}.{heading}")
    raw = loadmat(tmp_path / "session.mat")
    assert raw["results"]["gap"][0, 0]["gap_mm"][0, 0].shape == (len(session.results["gap"]["gap_mm"]), 1)


def test_edf_in_pyedflib(session: SessionData, tmp_path: Path) -> None:
    export(session, tmp_path, Format.EDF)
    motion, gap = session.analysis.motion, session.analysis.final.gap
    with pyedflib.EdfReader(str(tmp_path / "session.edf")) as edf:
        labels = edf.getSignalLabels()
        assert edf.getStartdatetime().isoformat() == "2026-11-22T08:30:00"
        assert set(edf.getSampleFrequencies()) == {GRID_HZ}
        signal = labels.index("gap")
        assert edf.getPhysicalDimension(signal) == "mm"
        read, below = edf.readSignal(signal)[: len(motion)], float(edf.getPhysicalMinimum(signal))
        placed = np.searchsorted(motion.time_s, gap.time_s - 0.01)
        known = np.isfinite(gap.gap_m)
        step = float(edf.getPhysicalMaximum(signal) - below) / 65535
        assert_allclose(read[placed[known]], gap.gap_m[known] * 1e3, atol=step)
        assert_allclose(read[placed[~known]], below, atol=step)
        assert (gap.gap_m[known] * 1e3).min() > below + step
        turned = edf.readSignal(labels.index("R thigh gyr x"))[: len(motion)]
        rate = np.degrees(motion.segments[Placement.RIGHT_THIGH].gyr_rad_s[:, 0])
        assert_allclose(turned[np.isfinite(rate)], rate[np.isfinite(rate)], atol=0.05)
        onsets, lengths, texts = edf.readAnnotations()
    begins_s = motion.time_s[0]
    told = {str(text): (float(onset) + begins_s, float(length)) for onset, length, text in zip(onsets, lengths, texts)}  # noqa: B905
    assert told["session zero"][0] == pytest.approx(0.0, abs=1e-6)
    touch = next(m for m in session.recorded.markers if m.label == "touch")
    assert told["touch"] == pytest.approx((touch.start_s, touch.end_s - touch.start_s), abs=1e-3)
    first = session.analysis.final.holds[-1]
    assert (first.start_s, first.gross_s) == pytest.approx(told[f"hold {first.verdict}"], abs=1e-3)


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.0), (-3.2, 980.0), (1e-3, 2e-3), (-60000.0, 60000.0)])
def test_edf_ranges_hold_all_values_and_fit_the_header(low: float, high: float) -> None:
    below, above = physical_range(low, high)
    assert below < low <= high < above
    assert max(len(f"{x:.6g}") for x in (below, above)) <= 8


def test_opensim_axes(tmp_path: Path) -> None:
    """Upright is OpenSim's neutral pose; a thigh flexed by 90° is its femur turned about z by +90°."""
    upright = np.array([[1.0, 0.0, 0.0, 0.0]])
    assert_allclose(opensim_quaternions(upright), upright, atol=1e-12)
    flexed = from_rotvec(np.array([[0.0, -np.pi / 2, 0.0]]))  # knee lifts to the front: -y, see docs/frames.md
    assert_allclose(opensim_quaternions(flexed), [[np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5)]], atol=1e-12)
    left = replace(unknown_segment(2), q_earth_from_segment=np.vstack([flexed, np.full((1, 4), np.nan)]))
    right = replace(left, q_earth_from_segment=np.vstack([upright, upright]))
    segments = {Placement.LEFT_THIGH: left, Placement.RIGHT_THIGH: right}
    write_opensim(tmp_path / "o.sto", Motion(np.array([0.0, 0.02]), segments))
    lines = (tmp_path / "o.sto").read_text().splitlines()
    assert lines[lines.index("endheader") + 1] == "time\tfemur_l_imu\tfemur_r_imu"
    assert lines[lines.index("endheader") + 2 :] == [
        "0.000\t0.707107,0.000000,0.000000,0.707107\t1.000000,0.000000,0.000000,0.000000"
    ]


@pytest.mark.parametrize("form", Format)
def test_an_anonymous_export_names_nobody(session: SessionData, tmp_path: Path, form: Format) -> None:
    export(without_identity(session), tmp_path, form)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        for secret in ("Ada", "Grace", "Hopper", "2026-11", "Nov 22", "08:30", "22.11.26", "22-NOV", str(tmp_path)):
            assert secret.encode() not in content, (path.name, secret)


def test_an_anonymous_matlab_file_is_undated_inside(session: SessionData, tmp_path: Path) -> None:
    export(without_identity(session), tmp_path, Format.MATLAB)
    content = loadmat(tmp_path / "session.mat", simplify_cells=True)
    assert content["session"]["id"] == "anonymous"
    assert not len(content["session"]["started"])
    assert content["samples"]["left_thigh"]["device_s"].min() == 0.0


def test_an_anonymous_edf_has_no_date(session: SessionData, tmp_path: Path) -> None:
    export(without_identity(session), tmp_path, Format.EDF)
    with pyedflib.EdfReader(str(tmp_path / "session.edf")) as edf:
        assert edf.getStartdatetime().date() == date(1985, 1, 1)
        assert edf.getStartdatetime().time() == time()
        assert edf.getPatientName() in ("", "X")


def test_an_anonymous_recording_gives_the_same_results(session: SessionData, tmp_path: Path) -> None:
    export(without_identity(session), tmp_path, Format.RECORDING)
    gap_m = analyze(read_folder(tmp_path)).final.gap.gap_m
    assert_allclose(gap_m, session.analysis.final.gap.gap_m, atol=2e-5)


def test_the_command(
    session: SessionData,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    kneegap = CommandLine(monkeypatch, capsys)
    export(session, tmp_path / "given", Format.RECORDING)
    files = ("--markers", tmp_path / "given" / "markers.csv", "--wearer", tmp_path / "given" / "wearer.toml")
    assert kneegap("import", tmp_path / "given" / "recording.parquet", *files, "-o", tmp_path / "s").status == 0
    ran = kneegap("export", tmp_path / "s", "--to", tmp_path / "out", "--format", "csv, edf", "--anonymous")
    assert ran.status == 0, ran
    assert {"gap.csv", "session.edf", "summary.json"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["session"]["id"] == "anonymous"
    assert kneegap("export", tmp_path / "s", "--to", tmp_path / "out", "--format", "xls").status == 2
    assert load(str(tmp_path / "s")).recorded.exercise == "clamp"
