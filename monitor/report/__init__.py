"""Reports: what happened, how sure that is, and what it rests on.

`facts` and `aim` (what a session's report is made of), `svg` (drawing), `figures` (the session's curves), `sentences`
and `sides` (what they mean), `document` (a report's parts in reading order), `session_document` with
`session_details` (a session's); `period` (what a range of days adds up to), `grading`, `period_figures`,
`period_document` with `period_details`; `html` (the page: one file, nothing from the network), `paper` and `pdf` (the
same in print), `written` (to a file).
"""
