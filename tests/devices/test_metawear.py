"""MetaWear: the golden bytes of the SDK's own tests, and which axis is which."""

import numpy as np

from sensor.drivers.metawear import PairedTriples

ACC = bytes.fromhex("031c62b7530de9fd16d04d0e57028affa1050a01")  # written for 8 g
GYR = bytes.fromhex("13070915ad2608de8a1a0d2665e48d20ac2773ec")  # written for 1000 deg/s, half of ours


def test_packets_of_the_sdk_s_tests() -> None:
    parse = PairedTriples()
    assert len(parse(ACC)) == 0
    values = parse(GYR)
    expected_g = [[-4.539, 0.833, -0.131], [-2.995, 0.894, 0.146], [-0.029, 0.352, 0.065]]
    expected_deg_s = [[164.177, 301.860, -265.122], [207.134, 296.982, -215.457], [254.055, 309.634, -152.591]]
    np.testing.assert_allclose(values[:, :3] / 9.80665, expected_g, atol=5e-4)
    np.testing.assert_allclose(np.rad2deg(values[:, 3:6]), 2 * np.array(expected_deg_s), atol=1e-3)
