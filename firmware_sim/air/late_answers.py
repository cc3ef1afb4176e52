"""A GATT client of Bumble that outlives a request given up in the very turn in which its answer comes.

Bumble's own raises there, in the host's callback, where nobody can catch it.
"""

from bumble.att import ATT_PDU, ATT_RESPONSES
from bumble.gatt_client import Client


class PatientClient(Client):
    """Drops an answer for which nobody waits any more."""

    def on_gatt_pdu(self, att_pdu: ATT_PDU) -> None:
        """Something came from the device."""
        given_up = self.pending_response is not None and self.pending_response.done()
        if not (given_up and att_pdu.op_code in ATT_RESPONSES):
            super().on_gatt_pdu(att_pdu)
