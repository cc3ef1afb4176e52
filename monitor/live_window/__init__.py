"""The live window: one calm screen that pulls the display ring on a timer.

`theme` (colours and type), `panels` (state, timer, straps, buttons), `plots` (the curves), `window` (all of it),
`display` (whether this machine can show a window at all). No asyncio anywhere in here.
"""
