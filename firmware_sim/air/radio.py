"""Simulated straps within reach of a simulated host: what tests, `demo` and `live --sim` use as their Bluetooth.

Invariant: product code sees bleak's backends only; everything that goes wrong is asked for, seeded and counted.
"""

import asyncio
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Protocol, Self

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import BleakBluetoothNotAvailableReason
from bumble.device import Device, DeviceConfiguration
from bumble.hci import Address
from bumble.transport.common import TransportSink, TransportSource

from firmware_sim.air.bleak_backend import BumbleRadio, client_backend, scanner_backend
from firmware_sim.air.faults import FaultCounts, FaultRates, FaultyStream
from firmware_sim.air.firmware import StrapFirmware
from firmware_sim.air.link import Air, AirController, Path
from firmware_sim.air.peripheral import Peripheral
from firmware_sim.air.sampling import Sensors
from firmware_sim.air.virtual_time import VirtualTimeLoop
from sensor.packet import placement_code
from sensor.samples import Placement

HOST_ADDRESS = "F0:0A:0A:0A:0A:FF"
BOOT_S = 1.5
CANCEL_AGAIN_S = 0.2
END_WITHIN_S = 5.0


class Runs(Protocol):
    """What a device of the air does, until it is told to end."""

    async def run(self) -> None: ...
    def end(self) -> None: ...


class SimulatedStrap:
    """One strap of the air, and what can be done to it; each fault that is not a share happens now."""

    def __init__(self, peripheral: Peripheral, path: Path) -> None:
        self.peripheral = peripheral
        self._path = path

    @property
    def firmware(self) -> StrapFirmware:
        """What runs on the strap."""
        return self.peripheral.firmware

    @property
    def counts(self) -> FaultCounts:
        """What was done to the strap so far."""
        return self._path.stream.counts

    @property
    def missed_samples(self) -> int:
        """Samples that the host did not get when they were fresh."""
        return len(self.counts.unheard) + self.firmware.unsent_samples

    def spoil(self, rates: FaultRates) -> None:
        """From now on this share of the notifications goes wrong."""
        self._path.stream.rates = rates

    def limit_mtu(self, mtu: int) -> None:
        """From the next connection on the strap takes no larger MTU."""
        self.peripheral.device.gatt_server.max_mtu = mtu

    def set_battery(self, percent: int) -> None:
        """The battery is at this level."""
        self.firmware.battery_pct = percent

    def jump_clock(self, jump_s: float) -> None:
        """The strap's clock jumps without saying so."""
        self.counts.clock_jumps += 1
        self.firmware.sampling.jump_clock(round(jump_s * self.firmware.info.clock_hz))

    def deafen(self) -> None:
        """The strap advertises on, but hears nobody."""
        self._path.deaf = True

    async def deaf_for(self, duration_s: float) -> None:
        """The strap is not heard to answer connections for a while."""
        self._path.deaf = True
        await asyncio.sleep(duration_s)
        self._path.deaf = False

    async def out_of_range(self, duration_s: float) -> None:
        """Nothing gets through for a while."""
        self._path.go_out_of_range()
        await asyncio.sleep(duration_s)
        self._path.come_back()

    async def disconnect(self) -> None:
        """The strap ends the connection."""
        if self.peripheral.connected:
            self.counts.disconnects += 1
            await self.peripheral.disconnect()

    async def reboot(self) -> None:
        """The strap restarts: its clock and counter begin again, its memory is lost."""
        self.counts.restarts += 1
        self.counts.disconnects += self.peripheral.connected
        await self.peripheral.switch(on=False)
        await asyncio.sleep(BOOT_S)
        # A host that was just connecting has lost it again, too.
        self.drop_out()
        await self.peripheral.switch(on=True)

    async def die(self) -> None:
        """The battery is empty: the strap switches itself off for good."""
        self.counts.disconnects += self.peripheral.connected
        await self.peripheral.switch(on=False)

    def drop_out(self) -> None:
        """The link is lost at once, on both sides."""
        self.counts.disconnects += self.peripheral.connected
        self._path.controller.lose_links()

    async def fall_silent(self, duration_s: float) -> None:
        """The connection stays, the stream does not."""
        self.counts.silences += 1
        self.firmware.silent = True
        await asyncio.sleep(duration_s)
        self.firmware.silent = False


class SimulatedAir:
    """Straps by name, switched on when the context is entered, and the host's adapter."""

    def __init__(self, sensors: Mapping[Placement, Sensors], seed: int = 0) -> None:
        self._sensors = dict(sensors)
        self._seed = seed
        self._air = Air()
        self._tasks = asyncio.TaskGroup()
        self._running: dict[asyncio.Task[None], Runs] = {}
        self._adapters = 0
        self.straps: dict[Placement, SimulatedStrap] = {}

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._start_s = self._loop.time()
        device, _ = self._device("host", HOST_ADDRESS)
        self._radio = BumbleRadio(device)
        await device.power_on()
        await self._tasks.__aenter__()
        for placement, sensors in self._sensors.items():
            self.straps[placement] = self.add(sensors)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._end_straps()
        except asyncio.CancelledError as cancelled:
            # By a strap that failed just now, or from outside: the group tells which.
            kind, error, trace = type(cancelled), cancelled, cancelled.__traceback__
        # A TaskGroup would wrap the body's own error in a group.
        is_cancelled = isinstance(error, asyncio.CancelledError)
        await self._tasks.__aexit__(*((kind, error, trace) if is_cancelled else (None, None, None)))

    @property
    def client_backend(self) -> type[BaseBleakClient]:
        """What `BleakClient` takes as `backend=`."""
        return client_backend(self._radio)

    @property
    def scanner_backend(self) -> type[BaseBleakScanner]:
        """What `BleakScanner` takes as `backend=`."""
        return scanner_backend(self._radio)

    @property
    def host(self) -> Device:
        """The host's Bumble device, below bleak."""
        return self._radio.device

    def now_s(self) -> float:
        """Time since the straps were switched on: the person's clock."""
        return self._loop.time() - self._start_s

    def fail_adapter(self, reason: BleakBluetoothNotAvailableReason | None) -> None:
        """The host's adapter cannot be used for this reason; None makes it work again."""
        self._radio.unavailable = reason
        if reason is not None:
            self._radio.end_scans()

    async def adapter_off(self, duration_s: float) -> None:
        """The host's adapter is switched off for a while, and with it every link."""
        self.fail_adapter(BleakBluetoothNotAvailableReason.POWERED_OFF)
        for strap in self.straps.values():
            strap.drop_out()
        await asyncio.sleep(duration_s)
        self.fail_adapter(None)

    async def swap_adapter(self) -> None:
        """The host's adapter is pulled out and another one plugged in."""
        self.fail_adapter(BleakBluetoothNotAvailableReason.NO_BLUETOOTH)
        for strap in self.straps.values():
            strap.drop_out()
        self._adapters += 1
        device, _ = self._device("host", f"{HOST_ADDRESS[:-2]}{0xFF - self._adapters:02X}")
        await device.power_on()
        self._radio.replace(device)
        self.fail_adapter(None)

    def suspend(self, duration_s: float) -> None:
        """The host sleeps and wakes again: its clock has gone on, its links are gone. In virtual time only."""
        loop = self._loop
        if not isinstance(loop, VirtualTimeLoop):
            raise TypeError("only a virtual clock can be put forward")
        loop.put_forward(duration_s)
        for strap in self.straps.values():
            strap.drop_out()

    def admit(self, source: TransportSource, sink: TransportSink) -> None:
        """Give another host, at the other end of a transport, an adapter in this air."""
        AirController("outside", self._air, source, sink)

    def add(
        self,
        sensors: Sensors,
        epoch: int = 0,
        first_number: int = 0,
        clock_offset: int = 0,
        *,
        encrypted: bool = False,
    ) -> SimulatedStrap:
        """Switch on one more strap, whose first epoch, counter and clock may be given."""
        serial = sensors.info.serial
        address = f"F0:0A:0A:0A:{placement_code(sensors.info.placement):02X}:{len(self._running) + 1:02X}"
        device, controller = self._device(serial, address)
        firmware = StrapFirmware(sensors, epoch, first_number, clock_offset)
        peripheral = Peripheral(device, firmware, self.now_s, encrypted=encrypted)
        path = Path(controller, FaultyStream(f"{self._seed} {serial}"))
        self._air.paths[controller] = path
        self._running[self._tasks.create_task(peripheral.run(), name=f"strap {serial}")] = peripheral
        return SimulatedStrap(peripheral, path)

    def add_device(self, name: str, made: Callable[[Device], Runs]) -> Path:
        """Switch on any other device, which `made` runs; gives its way through the air."""
        device, controller = self._device(name, f"F0:0A:0A:0A:0C:{len(self._running) + 1:02X}")
        path = self._air.paths[controller] = Path(controller, FaultyStream(f"{self._seed} {name}"))
        runs = made(device)
        self._running[self._tasks.create_task(runs.run(), name=name)] = runs
        return path

    async def _end_straps(self) -> None:
        """Cancels until every strap has ended.

        A single cancellation gets lost where it comes together with the answer to a command: Bumble's host waits for
        it by `asyncio.wait_for`, which before Python 3.12 then returns the answer.
        """
        for peripheral in self._running.values():
            peripheral.end()
        until_s = self._loop.time() + END_WITHIN_S
        while running := [task for task in self._running if not task.done()]:
            if self._loop.time() >= until_s:
                raise TimeoutError(f"still running: {', '.join(task.get_name() for task in running)}")
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=CANCEL_AGAIN_S)

    def _device(self, name: str, address: str) -> tuple[Device, AirController]:
        controller = AirController(name, self._air)
        config = DeviceConfiguration(name=name, address=Address(address))
        return Device.from_config_with_hci(config, controller, controller), controller
