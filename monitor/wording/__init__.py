"""How data are said to people.

`names` (the terms of the data), `lengths` (millimetres with uncertainty), `words` (the live screens), `printable`
(what people gave, safe for a terminal).
"""
