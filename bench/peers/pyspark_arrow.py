"""PySpark in local mode: the vectorised flights of `expert.py` in `mapInArrow`.

Settings: a task slot per core; a few partitions a core, cut from the list of files, so that nothing is shuffled; Python
workers that are used again and keep their session; Arrow on the way to the JVM, which writes the Parquet files; no UI.
"""

import os
import pathlib
import sys

PEERS = str(pathlib.Path(__file__).resolve().parent)
os.environ["PYTHONPATH"] = os.pathsep.join([PEERS, *filter(None, [os.environ.get("PYTHONPATH")])])
os.environ["PYSPARK_PYTHON"] = sys.executable

from detector import arguments, recordings, say_done

import pyarrow.parquet as pq
from pyspark.sql import SparkSession

PARTITIONS_PER_WORKER = 4
# Spark knows neither nanoseconds nor unsigned bytes.
SCHEMA = """window_id string, aircraft_id string, flight_id string, timestamp bigint, anomaly_score float,
    is_anomaly boolean, anomaly_severity tinyint, inference_latency_ms float"""


def scorer(model, batch_size):
    def score(batches):
        import expert
        import pyarrow as pa

        if expert.session is None:
            expert.detector = expert.Detector(model)
            expert.start_worker(batch_size)
        for batch in batches:
            for path in batch["path"].to_pylist():
                table = expert.work(path)
                for name, kind in (("timestamp", pa.int64()), ("anomaly_severity", pa.int8())):
                    at = table.schema.get_field_index(name)
                    table = table.set_column(at, name, table[name].cast(kind))
                yield from table.to_batches()

    return score


def main():
    options = arguments(__doc__, batch_size=1024)
    files = [(str(f.resolve()),) for f in recordings(options.data)]
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.python.worker.reuse": "true",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
    }
    builder = SparkSession.builder.master(f"local[{options.workers}]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    partitions = min(len(files), PARTITIONS_PER_WORKER * options.workers)
    paths = spark.sparkContext.parallelize(files, max(1, partitions)).toDF("path string")
    paths.mapInArrow(scorer(options.model, options.batch_size), SCHEMA).write.parquet(options.output)
    spark.stop()
    written = pathlib.Path(options.output).glob("*.parquet")
    say_done(len(files), sum(pq.read_metadata(f).num_rows for f in written))


if __name__ == "__main__":
    main()
