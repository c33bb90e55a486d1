"""The floor: the columns that scoring needs, decoded by pyarrow and thrown away; a process per core."""

import multiprocessing
import pathlib

from detector import arguments, recordings, say_done

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

recipe = None


def start_worker(model):
    global recipe
    pa.set_cpu_count(1)
    recipe = yaml.safe_load((pathlib.Path(model) / "preprocess.yaml").read_text())


def work(path):
    names = pq.read_schema(path).names
    signals = [next(c for c in s["columns"] if c in names) for s in recipe["signals"].values()]
    return pq.read_table(path, columns=["timestamp", *signals, "flight_phase"], use_threads=False).num_rows


def main():
    options = arguments(__doc__, batch_size=1)
    files = [str(f) for f in recordings(options.data)]
    with multiprocessing.get_context("fork").Pool(options.workers, start_worker, (options.model,)) as pool:
        pool.map(work, files, chunksize=1)
        pool.close()
        pool.join()
    say_done(len(files), 0)


if __name__ == "__main__":
    main()
