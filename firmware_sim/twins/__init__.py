"""Other makers' devices on the virtual person, with the quirks that they are documented or known to have.

`measured` (what their sensors measure), `twin` (any of them as a Bluetooth device), then one module each: `dot_twin`,
`witmotion_twin`, `phyphox_twin`, `metawear_twin`; `wearing` (who wears which).
"""
