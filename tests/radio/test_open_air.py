"""Straps that another program connects to over a transport: real sockets, real time, a host of its own."""

import asyncio
import socket
from contextlib import AsyncExitStack

import pytest
from bumble.device import Device
from bumble.hci import Address
from bumble.transport import open_transport

from firmware_sim.air.bleak_backend import BumbleRadio, client_backend, scanner_backend
from firmware_sim.air.open_air import straps_on_transports
from sensor.decoding.decoder import Notification, StrapDecoder
from sensor.link.link_events import StrapJoined, StreamArrived
from sensor.link.straps import Straps
from sensor.radio_errors import TransportFailed
from tests.radio.sessions import LEFT, RIGHT, thighs


def free_port() -> int:
    """A TCP port that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def test_a_host_over_tcp_finds_both_straps_and_streams() -> None:
    port = free_port()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(straps_on_transports(thighs(), [f"tcp-server:127.0.0.1:{port}"]))
        transport = await stack.enter_async_context(await open_transport(f"tcp-client:127.0.0.1:{port}"))
        device = Device.with_hci("host", Address("F0:0A:0A:0A:0A:FE"), transport.source, transport.sink)
        await device.power_on()
        radio = BumbleRadio(device)
        decoders = dict[str, StrapDecoder]()
        samples = {LEFT: 0, RIGHT: 0}
        async with Straps(backend=client_backend(radio), scanner_backend=scanner_backend(radio)) as straps:
            async for event in straps:
                if isinstance(event, StrapJoined):
                    decoders[event.placement] = StrapDecoder(event.info, event.placement)
                if isinstance(event, StreamArrived):
                    notification = Notification(event.arrival_s, event.data)
                    samples[event.placement] += len(decoders[event.placement].push([notification]))
                if min(samples.values()) >= 50:
                    break
        assert all(d.counts.corrupt == 0 for d in decoders.values())
        await transport.close()
        # Bumble's server closes the accepted socket only once it has read to its end.
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.mark.parametrize("transport", ["no-such-thing", "usb:0", "tcp-server:127.0.0.1:none"])
async def test_a_transport_that_cannot_be_used(transport: str) -> None:
    with pytest.raises(TransportFailed, match="cannot use transport"):
        async with straps_on_transports(thighs(), [transport]):
            pass
