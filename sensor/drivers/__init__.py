"""One small module for each type of device: how it is recognised, set up, decoded and commanded.

`driver` (what a driver is), `known` (which there are), `kneegap` (our own protocol), `movella_dot` and `dot_samples`,
`witmotion` and `witmotion_frames`, `phyphox`, `metawear`. For devices that answer nothing `plain_talk` and
`plain_driver`, for those without a clock `arrival_line` and `clockless`. How to add one: `docs/add-a-device.md`.
"""
