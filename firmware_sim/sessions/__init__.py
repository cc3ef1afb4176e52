"""Whole sessions of virtual persons without a radio, with the tables that truth is scored against.

`scenario` (what is done), `simulate`, `true_holds`, `truth` (files).
"""
