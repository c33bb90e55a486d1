"""Writes one long recording at 100 Hz: make_long_flight.py OUTPUT HOURS ROWS_PER_GROUP BALLAST_COLUMNS.

Three vibrations in every row, slower signals every tenth row, the phase every hundredth; some values out of range and some gaps, so
that nothing can be taken as it lies. Ballast columns are of no use to the recipe: they only make the file large.
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

output, hours, rows_per_group, ballast = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
rows = int(hours * 360_000)
numbers = np.arange(rows)
random = np.random.default_rng(7)


def signal(every, mean, deviation):
    values = (mean + deviation * random.standard_normal(rows, dtype=np.float32)).astype(np.float32)
    if every == 1:
        values[:: 9973] = 1e6
        return pa.array(values)
    return pa.array(values, mask=(numbers % every != 0) | (numbers % 500_000 < 2_000))


columns = {
    "timestamp": pa.array(1_760_000_000_000_000_000 + numbers * 10_000_000, pa.timestamp("ns", tz="UTC")),
    "engine_1_vib_fan_bearing": signal(1, 2, 0.3),
    "engine_1_vib_compressor_bearing": signal(1, 1.5, 0.2),
    "engine_1_vib_turbine_bearing": signal(1, 1.2, 0.2),
    "engine_1_n1": signal(10, 70, 1),
    "engine_1_n2": signal(10, 87, 1),
    "engine_1_egt": signal(10, 640, 5),
    "flight_phase": pa.array((numbers // 100_000 % 8).astype(np.uint8), mask=numbers % 100 != 0),
}
for number in range(ballast):
    columns[f"ballast_{number}"] = pa.array(random.integers(0, 1 << 62, rows))
pq.write_table(
    pa.table(columns), output, row_group_size=rows_per_group, compression="snappy", use_dictionary=["flight_phase"]
)
