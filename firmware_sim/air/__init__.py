"""The strap as a Bluetooth device, below the unmodified bleak client.

In the order data flows: `sampling`, `ring`, `notifications` and `firmware` (the strap without a radio), `on_air`,
`peripheral` and `pairing` (its services, and who may use them), `link` and `faults` (the air), `radio` and `open_air`
(who can reach it), `bleak_views`, `late_answers` and `bleak_backend` (what bleak takes), `virtual_time` (a clock that
jumps).
"""
