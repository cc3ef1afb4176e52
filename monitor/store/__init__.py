"""Sessions on disk: one folder each, in the user's data folder or wherever the user put one; and who wore them.

In the order in which they build on each other: `home` (where everything lies), `locks` (two processes at once), `meta`
(what a session is), `session` (its folder), `sessions` (the store: all folders), `wearers` (several people), `tape`
(what they measured by hand), `notes` (what they wrote), `entry` (a session as the index knows it), `index` (SQLite,
made again at any time), `recovery` and `migration` (what the next start puts right), `removal`.

Invariant: whatever holds a recording is a session; everything beside it can be lost and made again.
"""

from monitor.store.home import HOME_VARIABLE
from monitor.store.meta import FORMAT, SessionMeta
from monitor.store.session import RECORDING, TABLES, Session, is_session
from monitor.store.sessions import Store

__all__ = ["FORMAT", "HOME_VARIABLE", "RECORDING", "TABLES", "Session", "SessionMeta", "Store", "is_session"]
