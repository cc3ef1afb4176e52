"""A session as one page for people: what happened, how sure that is, and what it rests on.

`facts` (what a report is made of), `svg` (drawing), `figures` (the session's curves), `sentences` (what they mean),
`content` (words and figures for any medium), `html` (the page: one file, nothing from the network), `paper` and `pdf`
(the same in print).
"""
