"""Writes test/fixtures/bundles: small ONNX models that keep or break the contract, and scaler pickles in rarer forms.

    python scripts/make_test_bundles.py test/fixtures/bundles

Needs numpy, onnx, scikit-learn, joblib. The models take two features and score them by their sum, or return them halved.
"""

import json
import pathlib
import pickle
import sys

import joblib
import numpy as np
from onnx import TensorProto, helper, numpy_helper
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

FLOAT, DOUBLE = TensorProto.FLOAT, TensorProto.DOUBLE
SCORE, HALF = np.ones((2, 1), np.float32), np.eye(2, dtype=np.float32) / 2


def model(outputs, shape=("batch", 2), dtype=FLOAT, inputs=("features",), location=None):
    """outputs: name to weights [2, n]. location: where the weights lie instead of in the file."""
    nodes, weights, ports = [], [], []
    for name, matrix in outputs.items():
        tensor = numpy_helper.from_array(matrix.astype(np.float64 if dtype == DOUBLE else np.float32), name + "_weights")
        if location:
            size = len(tensor.raw_data)
            tensor.ClearField("raw_data")
            tensor.data_location = TensorProto.EXTERNAL
            for key, value in (("location", location), ("offset", "0"), ("length", str(size))):
                entry = tensor.external_data.add()
                entry.key, entry.value = key, value
        nodes.append(helper.make_node("MatMul", [inputs[0], name + "_weights"], [name]))
        weights.append(tensor)
        ports.append(helper.make_tensor_value_info(name, dtype, [shape[0], matrix.shape[1]]))
    entries = [helper.make_tensor_value_info(name, dtype, shape) for name in inputs]
    graph = helper.make_graph(nodes, "test", entries, ports, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()


def write_models(out):
    both = {"reconstruction": HALF, "anomaly_score": SCORE}
    models = {
        "score": model({"anomaly_score": SCORE}),
        "both": model(both),
        "reconstruction": model({"reconstruction": HALF}),
        "fixed-batch": model(both, shape=(4, 2)),
        "open-width": model({"anomaly_score": SCORE}, shape=("batch", "features")),
        "float64": model({"anomaly_score": SCORE}, dtype=DOUBLE),
        "two-inputs": model({"anomaly_score": SCORE}, inputs=("features", "more")),
        "other-outputs": model({"label": SCORE, "score_samples": SCORE}),
        "narrow-reconstruction": model({"reconstruction": SCORE}),
        "external-inside": model({"anomaly_score": SCORE}, location="weights.bin"),
        "external-outside": model({"anomaly_score": SCORE}, location="../weights.bin"),
        "external-absolute": model({"anomaly_score": SCORE}, location="/etc/hostname"),
    }
    for name, content in models.items():
        (out / f"{name}.onnx").write_bytes(content)
    (out / "weights.bin").write_bytes(SCORE.tobytes())


def scalers():
    """Name to (how to write it, the numbers that a reader must find)."""
    x = np.random.default_rng(7).normal([2.0, 70.0], [0.5, 9.0], (50, 2))
    standard, robust, largest = StandardScaler().fit(x), RobustScaler().fit(x), MaxAbsScaler().fit(x)
    single = MinMaxScaler().fit(x.astype(np.float32))
    bare = RobustScaler(with_centering=False, with_scaling=False).fit(x)
    named = StandardScaler().fit(x)
    named.feature_names_in_ = np.array(["a", "b"], dtype=object)
    foreign = StandardScaler().fit(x)
    foreign.mean_, foreign.scale_ = foreign.mean_.astype(">f8"), foreign.scale_.astype(">f4").astype(">f8")
    fixed = StandardScaler().fit(x)
    fixed.feature_names_in_ = np.array(["a", "b\u00e9\u20ac"])
    table = {"b": {"mean": np.float64(70), "std": np.float32(9)}, "a": {"mean": 2, "std": 10**12}}
    answer = lambda center, scale, typical, names=None: dict(  # noqa: E731
        center=list(map(float, center)), scale=list(map(float, scale)), typical=list(map(float, typical)), names=names
    )
    plain = answer(standard.mean_, standard.scale_, standard.mean_)
    factor = single.scale_.astype(float)
    middle = (single.data_min_.astype(float) + single.data_max_.astype(float)) / 2
    yield "joblib-named.pkl", lambda p: joblib.dump(named, p), {**plain, "names": ["a", "b"]}
    yield "joblib-named-zlib.pkl", lambda p: joblib.dump(named, p, compress=9), {**plain, "names": ["a", "b"]}
    yield "joblib-protocol-2.pkl", lambda p: joblib.dump(standard, p, protocol=2), plain
    yield "text-names.pkl", lambda p: p.write_bytes(pickle.dumps(fixed)), {**plain, "names": ["a", "b\u00e9\u20ac"]}
    yield "big-endian.pkl", lambda p: p.write_bytes(pickle.dumps(foreign)), answer(foreign.mean_, foreign.scale_, foreign.mean_)
    yield "float32.pkl", lambda p: p.write_bytes(pickle.dumps(single)), answer(-single.min_.astype(float) / factor, 1 / factor, middle)
    yield "bare.pkl", lambda p: p.write_bytes(pickle.dumps(bare)), answer([0, 0], [1, 1], [0, 0])
    yield "table.pkl", lambda p: p.write_bytes(pickle.dumps(table)), answer([70, 2], [9, 1e12], [70, 2], ["b", "a"])
    for protocol in (0, 1, 5):
        write = lambda p, s=robust, n=protocol: p.write_bytes(pickle.dumps(s, protocol=n))  # noqa: E731
        yield f"robust-protocol-{protocol}.pkl", write, answer(robust.center_, robust.scale_, robust.center_)
        write = lambda p, s=largest, n=protocol: p.write_bytes(pickle.dumps(s, protocol=n))  # noqa: E731
        yield f"maxabs-protocol-{protocol}.pkl", write, answer([0, 0], largest.scale_, [0, 0])
        write = lambda p, n=protocol: p.write_bytes(pickle.dumps(table, protocol=n))  # noqa: E731
        yield f"table-protocol-{protocol}.pkl", write, answer([70, 2], [9, 1e12], [70, 2], ["b", "a"])


def write_refused(out):
    """What scikit-learn, numpy and joblib also write, and what is no scaler of ours."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PowerTransformer

    x = np.arange(8.0).reshape(4, 2)
    (out / "pipeline.pkl").write_bytes(pickle.dumps(make_pipeline(StandardScaler()).fit(x)))
    (out / "power-transformer.pkl").write_bytes(pickle.dumps(PowerTransformer().fit(x)))
    (out / "not-fitted.pkl").write_bytes(pickle.dumps(StandardScaler()))
    (out / "bare-array.pkl").write_bytes(pickle.dumps(np.asfortranarray(x)))
    for method in ("bz2", "lzma", "xz"):
        joblib.dump(StandardScaler().fit(x), out / f"joblib-{method}.pkl", compress=(method, 3))


def main():
    out = pathlib.Path(sys.argv[1])
    for folder in ("models", "scalers", "refused"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    write_models(out / "models")
    answers = {}
    for name, write, answer in scalers():
        write(out / "scalers" / name)
        answers[name] = answer
    (out / "scalers" / "answers.json").write_text(json.dumps(answers, indent=1) + "\n")
    write_refused(out / "refused")


main()
