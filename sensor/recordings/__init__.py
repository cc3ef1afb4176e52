"""Notifications to disk as they came, and sessions back from disk.

`recording` and `recording_sink` (to disk), `raw_recording` (and back), `replay` (a session as it was, decoded).
"""
