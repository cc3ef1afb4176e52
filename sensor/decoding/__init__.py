"""Bytes to samples, without I/O.

In the order data flows: `stream_batch` (bytes to packets), `whole_samples` (parts to packets), `sample_line` (packets
to numbers), `clock` (strap ticks to session time), `decoder` (all of it).
"""
