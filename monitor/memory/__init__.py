"""What stays with straps and wearers from session to session (`docs/memory.md`).

In the order data flows: `kept` (the files), `recall` (what a session starts from), `learning` (what it teaches),
`session_memory` (both, for one session).
"""
