"""Two believable straps on a virtual person, on a virtual radio below the real bleak client.

In the order data flows: `scenario`, `wearer`, `strap_fit`, `imu`, `flex` (the body and its sensors), `firmware`,
`peripheral`, `radio`, `bleak_backend` (the strap as a Bluetooth device).
"""
