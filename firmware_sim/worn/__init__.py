"""The straps that a virtual person wears: how they sit and what their sensors read.

`strap_fit`, `imu`, `flex`, `module` (one strap with all its sensors), `strap_sensors` (what its firmware is given).
"""
