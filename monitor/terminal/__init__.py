"""The terminal as a screen: the view of a session, its chart, its keys, and replay."""
