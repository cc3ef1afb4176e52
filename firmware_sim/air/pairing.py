"""Pairing as a strap does it that demands encryption: LE Secure Connections, just works, or not at all."""

from bumble.smp import AuthReq, ErrorCode, Session, SMP_Pairing_Request_Command


class SecureSession(Session):
    """The strap's side; legacy pairing is refused, since whoever listens to it can find the key."""

    async def on_smp_pairing_request_command_async(self, command: SMP_Pairing_Request_Command) -> None:
        """The host asks to pair."""
        if command.auth_req & AuthReq.SC:
            await super().on_smp_pairing_request_command_async(command)
        else:
            self.send_pairing_failed(ErrorCode.AUTHENTICATION_REQUIREMENTS)
