"""Bytes off the air to timestamped samples in SI units, and the recording that keeps them.

In the order data flows: `gatt` and `packet` (the wire contract), `drivers` (other makers' formats), `scan`,
`strap`, `straps` (the radio), `recording` (raw notifications to disk), `decoder`, `clock`, `samples`,
`markers`, `wearer`, `recorded` (what a session holds), `replay` and `tables` (sessions back from disk).
"""
