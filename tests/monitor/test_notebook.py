"""The notebook of the documentation runs on a session as it stands."""

from pathlib import Path

import nbclient
import nbformat
import pytest

from firmware_sim.sessions.scenario import catalogue
from firmware_sim.sessions.simulate import simulate
from firmware_sim.sessions.truth import write as write_simulated

NOTEBOOK = Path(__file__).parents[2] / "docs" / "session.ipynb"


# ZMQ's sockets of the finished kernel are closed by the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_simulated(tmp_path, simulate(next(s for s in catalogue() if s.exercise == "clamp")))
    monkeypatch.setenv("SESSION", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(NOTEBOOK.parents[1]))
    monkeypatch.setenv("MPLBACKEND", "agg")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(notebook, timeout=100, kernel_name="python3").execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in shown if output.output_type == "error"]
    assert any("net_s" in output.get("data", {}).get("text/plain", "") for output in shown)
