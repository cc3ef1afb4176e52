"""Bytes off the air to timestamped samples in SI units, and the recording that keeps them.

In the order data flows:

- the wire contract: `gatt` (names and numbers), `packet` (information and stream), `control` (requests and answers);
- the devices: `drivers` (one module for each type), `slots` (which is worn where);
- the radio: `scan`, `strap`, `control_exchange` (a request and its answer), `strap_stream`, `missing` (what to ask for
  again), `straps`, `ended_tasks`, `host_clock`, `patience`, `link_events`, `link_quality`, `bluez` (what bleak leaves
  unsaid to it), `bleak_errors` (bleak's errors as ours);
- the recording: `recording` and `recording_sink` (raw notifications to disk), `raw_recording` (and back), `unheard`
  (what the next program asks for, where one broke off);
- decoding: `stream_batch` (bytes to packets), `whole_samples` (parts to packets), `sample_line` (packets to numbers),
  `decoder`, `worn_strap` (a strap and the band beside it), `clock`;
- what a session holds: `samples`, `markers`, `wearer`, `recorded`, `arrivals`;
- sessions back from disk: `replay`, and for imported ones `table_columns`, `sample_times`, `tables`, `marker_table`,
  `wearer_file`, `imported`.

`errors` is the tree of all that can stop a command, `radio_errors` its part about Bluetooth and straps.
"""
