#!/bin/sh
# The client against simulated straps through a real BlueZ, in an emulated guest (make test-bluez).
# RIG: the rig's script. Its guest gets the versions that constraints.txt pins.
set -eu
cd "$(dirname "$0")/../.."
RIG=${RIG:-../shared/tools/bluez-rig/rig.sh}
[ -x "$RIG" ] || { echo "the BlueZ rig is not beside this checkout ($RIG): set RIG to its rig.sh" >&2; exit 1; }
pinned() { sed -n "s/^$1==//p" constraints.txt; }
RIG_BLEAK=$(pinned bleak) RIG_BUMBLE=$(pinned bumble)
RIG_PIP="numpy mcap lz4 zstandard bleak-retry-connector==$(pinned bleak-retry-connector)"
export RIG_BLEAK RIG_BUMBLE RIG_PIP
"$RIG" build
run() { "$RIG" run -t 1200 . -- python3 -m tests.bluez.session; }
# 125: on a busy machine the emulated kernel may fail to start.
run || { status=$?; [ $status = 125 ] || exit $status; run; }
