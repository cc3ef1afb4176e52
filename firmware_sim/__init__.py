"""Two believable straps on a virtual person, on a virtual radio below the real bleak client.

In the order data flows. A person: `actions` (what can be asked), `build`, `course`, `pose`, `acts` (how it is done),
`gait`, `wearer` (the body), `diary` and `truth_ticks` (what really happened). The straps: `strap_fit`, `imu`, `flex`,
`module`, `strap_sensors`; `person` joins both. Whole sessions: `scenario`, `simulate`, `true_holds`, `truth` (tables).
The strap as a Bluetooth device: `sampling`, `ring`, `notifications`, `firmware`, `peripheral`, `air`, `faults`,
`radio`, `bleak_views`, `bleak_backend`, `virtual_time`. `streams` (chance) and `quaternion` serve all.
"""
