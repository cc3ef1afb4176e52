"""The in-process air between a host and several straps: Bumble controllers on a link that can be disturbed.

Invariant: what two devices send each other arrives in order, late at most, unless a fault says otherwise; a link that
carries nothing for the supervision time-out is lost on both sides.
"""

import asyncio
import random
from collections.abc import Callable
from functools import partial

from bumble import hci, ll
from bumble.controller import Connection, Controller
from bumble.core import PhysicalTransport
from bumble.hci import HCI_LE_Advertising_Report_Event as Report
from bumble.link import LocalLink
from bumble.transport.common import TransportSink, TransportSource

from firmware_sim.air.faults import FaultyStream, OnTheWay

SUPERVISION_S = 4.0
SENDS_FOR_S = 1.0
NOTIFICATION = 0x1B
L2CAP_BYTES = 4
NOTIFICATION_BYTES = 3
LONGEST_ACL_BYTES = 251
USUAL_RSSI_DBM = -58
RSSI_SPREAD_DBM = 4


# Hands an L2CAP packet over; False where the other side no longer has the connection.
Deliver = Callable[[bytes], bool]


class Path:
    """One strap's way through the air."""

    def __init__(self, controller: "AirController", stream: FaultyStream) -> None:
        self.controller = controller
        self.stream = stream
        self.reachable = True
        self.deaf = False
        self._links = 0
        self._last_due_s = 0.0
        self._held: list[tuple[float, OnTheWay, Deliver]] = []

    def carry(self, pdu: bytes, deliver: Deliver, *, from_strap: bool) -> None:
        """Deliver an L2CAP packet, or what the faults make of it, after its time on the air."""
        if not from_strap or pdu[L2CAP_BYTES] != NOTIFICATION:
            self._send(OnTheWay(pdu, self.stream.rates.delay_s), deliver)
            return
        head = pdu[L2CAP_BYTES : L2CAP_BYTES + NOTIFICATION_BYTES]
        for passed in self.stream.pass_on(pdu[L2CAP_BYTES + NOTIFICATION_BYTES :]):
            self._send(passed, lambda value: deliver(_l2cap(pdu, head + value)))

    def go_out_of_range(self) -> None:
        """Nothing gets through any more, in either direction."""
        self.reachable = False
        asyncio.get_running_loop().call_later(SUPERVISION_S, self._supervise, self._links)

    def come_back(self) -> None:
        """What was held is delivered, but for stream notifications that the strap has given up."""
        self.reachable = True
        now_s = asyncio.get_running_loop().time()
        held, self._held = self._held, []
        for sent_s, passed, deliver in held:
            if passed.packet is not None and now_s - sent_s > SENDS_FOR_S:
                self._lose(passed)
            else:
                self._deliver(passed, deliver)

    def link_ended(self) -> None:
        """What is still on the way is lost."""
        self._links += 1
        for _, passed, _ in self._held:
            self._lose(passed)
        self._held.clear()

    def _send(self, passed: OnTheWay, deliver: Deliver) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time() + passed.delay_s
        if not passed.overtaken:
            # Timers that are due at the same time fire in any order.
            due_s = max(due_s, self._last_due_s + 1e-6)
            self._last_due_s = due_s
        loop.call_at(due_s, self._arrive, self._links, loop.time(), passed, deliver)

    def _arrive(self, link: int, sent_s: float, passed: OnTheWay, deliver: Deliver) -> None:
        if link != self._links:
            self._lose(passed)
        elif not self.reachable:
            self._held.append((sent_s, passed, deliver))
        else:
            self._deliver(passed, deliver)

    def _deliver(self, passed: OnTheWay, deliver: Deliver) -> None:
        if not deliver(passed.value):
            self._lose(passed)
        elif passed.fault is not None:
            self.stream.counts.happened(passed.fault)

    def _lose(self, passed: OnTheWay) -> None:
        if passed.packet is not None:
            self.stream.counts.lost_packets += 1
            self.stream.counts.miss(passed.packet)

    def _supervise(self, link: int) -> None:
        if not self.reachable and link == self._links and self.controller.le_connections:
            self.stream.counts.disconnects += 1
            self.controller.lose_links()


class Air(LocalLink):
    """A link bus whose straps have paths; other controllers hear each other always."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: dict[Controller, Path] = {}

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        destination = self.find_le_controller(destination_address)
        connection = sender_controller.le_connections.get(destination_address)
        if destination is None or connection is None:
            return
        # Not the sender's address of now: a host takes another one at every connection.
        deliver = partial(_hand_over, destination, connection.self_address, transport)
        path = self.paths.get(sender_controller) or self.paths.get(destination)
        if path is None:
            asyncio.get_running_loop().call_soon(deliver, data)
        else:
            path.carry(data, deliver, from_strap=sender_controller in self.paths)

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        loop = asyncio.get_running_loop()
        for controller in self.controllers:
            if controller is not sender_controller and self._hear(sender_controller, controller):
                loop.call_soon(controller.on_ll_advertising_pdu, packet)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        sender, receiver = self.find_le_controller(sender_address), self.find_le_controller(receiver_address)
        if not isinstance(sender, AirController) or not isinstance(receiver, AirController):
            return
        loop = asyncio.get_running_loop()
        if self._hear(sender, receiver):
            loop.call_soon(receiver.on_ll_control_pdu, sender_address, packet)
        elif isinstance(packet, ll.TerminateInd) and (connection := receiver.le_connections.get(sender_address)):
            # The other side does not hear that it is over, and only notices that nothing comes any more.
            loop.call_later(SUPERVISION_S, receiver.time_out, connection)

    def _hear(self, a: Controller, b: Controller) -> bool:
        return all(self.paths[c].reachable for c in (a, b) if c in self.paths)


class AirController(Controller):
    """A virtual controller that hears scan responses and field strengths, and gives up a connection when told to."""

    le_acl_data_packet_length = LONGEST_ACL_BYTES
    # Hosts would use extended commands whose events this controller does not send (Bumble's issue 841).
    le_features = Controller.le_features & ~(hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING)

    def __init__(
        self,
        name: str,
        air: Air,
        host_source: TransportSource | None = None,
        host_sink: TransportSink | None = None,
    ) -> None:
        super().__init__(name, host_source, host_sink, link=air)
        self._air = air
        self._random = random.Random(name)

    def lose_links(self) -> None:
        """The supervision time-out of every connection passes, on both sides."""
        for connection in list(self.le_connections.values()):
            other = self._air.find_le_controller(connection.peer_address)
            if isinstance(other, AirController) and (theirs := other.le_connections.get(connection.self_address)):
                other.time_out(theirs)
            self.time_out(connection)

    def time_out(self, connection: Connection) -> None:
        """Nothing has come on this connection for the supervision time-out."""
        if self.le_connections.get(connection.peer_address) is connection:
            self.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        advertiser = self._air.find_le_controller(pdu.advertiser_address)
        if self.le_scan_enable:
            self._report(Report.EventType.ADV_IND, pdu.advertiser_address, pdu.data)
            response = advertiser.le_legacy_advertiser.scan_response_data if advertiser else b""
            self._report(Report.EventType.SCAN_RSP, pdu.advertiser_address, response)
        pending = self.pending_le_connection
        path = self._air.paths.get(advertiser) if advertiser else None
        if pending and pending.peer_address == pdu.advertiser_address and not (path and path.deaf):
            self.create_le_connection(pdu.advertiser_address)

    def on_hci_reset_command(self, _command: hci.HCI_Command) -> hci.HCI_StatusReturnParameters:
        """A host that switches its adapter off leaves scans and links, and the other sides notice it."""
        for connection in list(self.le_connections.values()):
            other = self._air.find_le_controller(connection.peer_address)
            if isinstance(other, AirController) and (theirs := other.le_connections.get(connection.self_address)):
                other.time_out(theirs)
        self.le_connections.clear()
        self.le_scan_enable = False
        self.pending_le_connection = None
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_le_create_connection_cancel_command(self, _command: hci.HCI_Command) -> hci.HCI_StatusReturnParameters:
        pending = self.pending_le_connection
        self.pending_le_connection = None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address.address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        super().on_le_disconnected(connection, reason)
        if self in self._air.paths:
            self._air.paths[self].link_ended()

    def _report(self, event_type: Report.EventType, address: hci.Address, data: bytes) -> None:
        rssi = USUAL_RSSI_DBM + self._random.randint(-RSSI_SPREAD_DBM, RSSI_SPREAD_DBM)
        report = Report.Report(
            event_type=event_type, address_type=address.address_type, address=address, data=data, rssi=rssi
        )
        self.send_hci_packet(Report([report]))


def _l2cap(pdu: bytes, att: bytes) -> bytes:
    """The packet with another payload."""
    return len(att).to_bytes(2, "little") + pdu[2:L2CAP_BYTES] + att


def _hand_over(to: Controller, sender: hci.Address, transport: PhysicalTransport, data: bytes) -> bool:
    if sender not in to.le_connections:
        return False
    to.on_link_acl_data(sender, transport, data)
    return True
