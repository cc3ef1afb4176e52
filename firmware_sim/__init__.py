"""Two believable straps on a virtual person, on a virtual radio below the real bleak client.

In the order data flows, each package listing its own modules: `person` (the body and what it is asked to do), `worn`
(the straps on it and their sensors), `air` (the strap as a Bluetooth device, down to what bleak takes), and beside
them `sessions` (whole sessions without a radio, with the tables that truth is scored against).
"""
