"""What to do today, what is done, and when to remind; plain files, and no nagging.

In the order data flows: `goals` (the plan, a file that anybody can edit), `practised` (a session as the plan counts
it), `standing` (the plan against what was done: what screens show), `streak`, `reminders` (when to remind) and
`notification` (the desktop's own).
"""
