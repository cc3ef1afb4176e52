"""Bytes off the air to timestamped samples in SI units, and the recording that keeps them.

In the order data flows:

- the wire contract: `gatt` (names and numbers), `packet` (information and stream), `control` (requests and answers),
  `control_exchange` (a request and its answer);
- the devices: `drivers` (one module for each type), `slots` (which is worn where);
- the radio: `link`;
- what came, on disk and back: `recordings`;
- bytes to samples: `decoding`, `worn_strap` (a strap and the band beside it);
- what a session holds: `samples`, `markers`, `wearer`, `recorded`, `arrivals`, `exchanged` (straps on each other's
  leg);
- sessions of other programs: `tables`.

`errors` is the tree of all that can stop a command, `radio_errors` its part about Bluetooth and straps.
"""
