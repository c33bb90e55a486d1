"""Copies flights into a folder, with gaps that are filled and such that are not, and with values that cannot be."""

import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

# Of the rows, by number: 3.5 s and 9 s at 100 Hz are filled; the first values of a signal have none before them.
GAPS = {"engine_1_n1": (3000, 3450), "engine_1_egt": (5000, 5900), "engine_1_n2": (0, 700)}

for k, path in enumerate(sys.argv[2:]):
    table = pq.read_table(path)
    frame = table.to_pandas()
    for name, (first, last) in GAPS.items():
        frame.loc[first + 100 * k : last + 100 * k, name] = np.nan
    frame.loc[9000:9100, "engine_1_vib_fan_bearing"] = 50.0
    frame.loc[12000 + k, "engine_1_n1"] = -5
    if k == 1:
        frame = frame.drop(index=range(15000, 15300)).reset_index(drop=True)
    copy = pa.Table.from_pandas(frame, schema=table.schema, preserve_index=False)
    pq.write_table(copy, pathlib.Path(sys.argv[1], pathlib.Path(path).name))
