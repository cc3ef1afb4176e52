"""A session as one page for people: what happened, how sure that is, and what it rests on.

`facts` (what a report is made of), `svg` (drawing), `figures` (the session's curves), `sentences` (what they mean),
`html` (the page). One file, nothing from the network.
"""
