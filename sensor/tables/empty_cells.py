"""Single empty cells of a table, bridged: a value between two that were measured is as good as known.

Invariant: what was measured stays as it is; longer holes stay empty.
"""

import numpy as np

from sensor.samples import Floats, Ints

BRIDGED_S = 0.1


def bridged(values: Floats, sample: Ints, rate_hz: float) -> Floats:
    """Columns (N, K), each with its short holes in a straight line; rows are in order of `sample` (N,)."""
    empty = np.isnan(values)
    if not empty.any() or empty.all():
        return values
    return np.column_stack([_bridged(column, sample, BRIDGED_S * rate_hz) for column in values.T])


def _bridged(column: Floats, sample: Ints, longest: float) -> Floats:
    known = np.flatnonzero(np.isfinite(column))
    if not 1 < len(known) < len(column):
        return column
    after = np.searchsorted(known, np.arange(len(column)))
    last, following = known[np.maximum(after - 1, 0)], known[np.minimum(after, len(known) - 1)]
    inside = np.isnan(column) & (last < following) & (sample[following] - sample[last] <= longest)
    out = column.copy()
    out[inside] = np.interp(sample[inside], sample[known], column[known])
    return out
