"""One small module for each type of device: how it is recognised, set up, decoded and commanded.

`driver` (what a driver is), `known` (which there are), `kneegap` (our own protocol).
"""
