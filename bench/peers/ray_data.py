"""Ray Data on one machine: the vectorised flights of `expert.py` in a pool of warm actors.

Settings: an actor per core that holds its session; small blocks of files, so that the actors end together; results in
order, straight into one writer; no dashboard, no usage report, no progress bars.
"""

import logging
import os
import pathlib

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
PEERS = str(pathlib.Path(__file__).resolve().parent)
os.environ["PYTHONPATH"] = os.pathsep.join([PEERS, *filter(None, [os.environ.get("PYTHONPATH")])])

from detector import SCHEMA, arguments, recordings, say_done

import pyarrow as pa
import pyarrow.parquet as pq
import ray
import ray.data

FILES_PER_BATCH = 4


class Scorer:
    def __init__(self, model, batch_size):
        import expert

        expert.detector = expert.Detector(model)
        expert.start_worker(batch_size)
        self.work = expert.work

    def __call__(self, batch):
        return pa.concat_tables([self.work(path) for path in batch["path"].to_pylist()])


def main():
    options = arguments(__doc__, batch_size=1024)
    files = [{"path": str(f.resolve())} for f in recordings(options.data)]
    ray.init(num_cpus=options.workers, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    scored = ray.data.from_items(files, override_num_blocks=max(1, len(files) // FILES_PER_BATCH)).map_batches(
        Scorer,
        fn_constructor_args=(options.model, options.batch_size),
        batch_size=FILES_PER_BATCH,
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(size=options.workers),
        num_cpus=1,
    )
    windows = 0
    with pq.ParquetWriter(options.output, SCHEMA) as writer:
        for table in scored.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=2):
            writer.write_table(table.cast(SCHEMA))
            windows += table.num_rows
    ray.shutdown()
    say_done(len(files), windows)


if __name__ == "__main__":
    main()
