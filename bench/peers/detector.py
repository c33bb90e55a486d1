"""What both peers need of a model bundle and of a recording's surroundings."""

import argparse
import json
import os
import pathlib
import re
import urllib.parse

# One thread per process: there is a process per core.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib
import numpy as np
import onnxruntime
import pyarrow as pa
import yaml

NS = 1_000_000_000
PHASES = ["ground", "taxi", "takeoff", "climb", "cruise", "descent", "approach", "landing"]
UNKNOWN_PHASE = -1

SCHEMA = pa.schema(
    [
        ("window_id", pa.string()),
        ("aircraft_id", pa.string()),
        ("flight_id", pa.string()),
        ("timestamp", pa.timestamp("ns")),
        ("anomaly_score", pa.float32()),
        ("is_anomaly", pa.bool_()),
        ("anomaly_severity", pa.uint8()),
        ("inference_latency_ms", pa.float32()),
    ]
)


class Detector:
    """Recipe, scaler and thresholds of a bundle with a StandardScaler and a dynamic batch; `open_session` for its model."""

    def __init__(self, directory):
        directory = pathlib.Path(directory)
        self.model_path = str(directory / "model.onnx")
        self.recipe = yaml.safe_load((directory / "preprocess.yaml").read_text())
        self.scaler = joblib.load(directory / "scaler.pkl")
        self.feature_order = json.loads((directory / "signature.json").read_text())["feature_order"]
        thresholds = yaml.safe_load((directory / "thresholds.yaml").read_text())
        self.default_limit = thresholds["reconstruction_error_threshold"]["default"]
        self.limits = np.array([self._limit(thresholds.get("flight_phase_thresholds") or {}, p) for p in PHASES])
        self.severities = [thresholds["severity_levels"][name]["min"] for name in ("minor", "moderate", "severe")]

    def _limit(self, by_phase, phase):
        shared = by_phase.get("approach_landing") if phase in ("approach", "landing") else None
        own = by_phase.get(phase, shared)
        return self.default_limit if own is None else own

    def open_session(self):
        """An ONNX Runtime session on one thread; to be opened in the process that uses it."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(self.model_path, options, providers=["CPUExecutionProvider"])


def identity_of(path):
    """(aircraft_id, flight_id) of a recording: its sidecar, its folders, its name."""
    path = pathlib.Path(path)
    found = {}
    sidecar = pathlib.Path(f"{path}.meta.json")
    if sidecar.exists():
        found = {k: str(v) for k, v in json.loads(sidecar.read_text()).items() if k in ("aircraft_id", "flight_id") and v}
    for part in path.parent.parts:
        if hive := re.fullmatch("(aircraft_id|flight_id)=(.+)", part):
            found.setdefault(hive[1], urllib.parse.unquote(hive[2]))
    if named := re.fullmatch(r"(.+?)_(\d{8})_(\d{6})", path.stem):
        found.setdefault("aircraft_id", named[1])
    return found.get("aircraft_id", "unknown"), found.get("flight_id", path.stem)


def window_id(aircraft_id, start_ns):
    """`<aircraft>_<epoch seconds>`, with a fraction where there is one."""
    seconds, rest = divmod(start_ns, NS)
    return f"{aircraft_id}_{seconds}" + (f".{rest:09d}".rstrip("0") if rest else "")


def recordings(folder):
    """The Parquet files of a folder in the order of their paths."""
    folder = pathlib.Path(folder)
    return sorted(folder.rglob("*.parquet"), key=lambda p: p.relative_to(folder).as_posix().encode())


def arguments(description, batch_size):
    """The command line that the peers share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--batch-size", type=int, default=batch_size)
    return parser.parse_args()


def say_done(files, windows):
    """The last line of output: what was done, as JSON."""
    print(json.dumps({"files": files, "windows": windows}))
