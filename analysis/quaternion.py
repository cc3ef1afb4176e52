"""Rotations as unit quaternions (w x y z), as rows of arrays.

Invariant: `q_a_from_b` turns coordinates in b into coordinates in a, so that products cancel by eye.
"""

import numpy as np

from sensor.samples import Floats

IDENTITY: Floats = np.array([1.0, 0.0, 0.0, 0.0])


def multiply(p: Floats, q: Floats) -> Floats:
    """Products p * q of quaternions (..., 4) that broadcast."""
    pw, px, py, pz = p[..., 0], p[..., 1], p[..., 2], p[..., 3]
    qw, qx, qy, qz = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    return np.stack(
        [
            pw * qw - px * qx - py * qy - pz * qz,
            pw * qx + px * qw + py * qz - pz * qy,
            pw * qy - px * qz + py * qw + pz * qx,
            pw * qz + px * qy - py * qx + pz * qw,
        ],
        axis=-1,
    )


def conjugate(q: Floats) -> Floats:
    """The opposite rotations of `q` (..., 4)."""
    return q * np.array([1.0, -1.0, -1.0, -1.0])


def normalized(v: Floats) -> Floats:
    """Rows of `v` (..., n) at length 1; a row of zeros becomes NaN."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return v / np.sqrt(np.einsum("...i,...i->...", v, v))[..., None]


def matrix(q: Floats) -> Floats:
    """Rotation matrices (..., 3, 3) of `q` (..., 4)."""
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def rotate(q: Floats, v: Floats) -> Floats:
    """Vectors (..., 3) in the frame that `q` (..., 4) leads to."""
    return np.einsum("...ij,...j->...i", matrix(q), v)


def up_in_segment(q_earth_from_segment: Floats) -> Floats:
    """The upward direction in segment axes (..., 3)."""
    w, x, y, z = (q_earth_from_segment[..., i] for i in range(4))
    return np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=-1)


def from_matrix(m: Floats) -> Floats:
    """The quaternion (4,) of one rotation matrix (3, 3)."""
    k = np.array(
        [
            [m[0, 0] + m[1, 1] + m[2, 2], m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]],
            [m[2, 1] - m[1, 2], m[0, 0] - m[1, 1] - m[2, 2], m[0, 1] + m[1, 0], m[0, 2] + m[2, 0]],
            [m[0, 2] - m[2, 0], m[0, 1] + m[1, 0], m[1, 1] - m[0, 0] - m[2, 2], m[1, 2] + m[2, 1]],
            [m[1, 0] - m[0, 1], m[0, 2] + m[2, 0], m[1, 2] + m[2, 1], m[2, 2] - m[0, 0] - m[1, 1]],
        ]
    )
    _, vectors = np.linalg.eigh(k)
    q = vectors[:, -1]
    return q if q[0] >= 0 else -q


def from_axes(x: Floats, y: Floats) -> Floats:
    """`q_outer_from_inner` (4,) of the inner frame whose x and y axes are given (3,) in outer coordinates.

    x is kept; y is made perpendicular to it.
    """
    x = normalized(x)
    z = normalized(np.cross(x, y))
    return from_matrix(np.stack([x, np.cross(z, x), z], axis=-1))


def about(axis: Floats, angle_rad: Floats | float) -> Floats:
    """Rotations (..., 4) by `angle_rad` (...) about the unit vector `axis` (3,)."""
    half = np.asarray(angle_rad, dtype=np.float64)[..., None] / 2
    return np.concatenate([np.cos(half), np.sin(half) * axis], axis=-1)


def right_factor(q: Floats) -> Floats:
    """The matrix (4, 4) with `p @ right_factor(q) == multiply(p, q)` for rows p."""
    w, x, y, z = q
    return np.array([[w, x, y, z], [-x, w, -z, y], [-y, z, w, -x], [-z, -y, x, w]])


def from_rotvec(v: Floats) -> Floats:
    """Rotations (..., 4) by the vectors `v` (..., 3) of axis times angle in rad."""
    angle = np.sqrt(np.einsum("...i,...i->...", v, v))
    scale = np.sinc(angle / (2 * np.pi)) / 2
    return np.concatenate([np.cos(angle / 2)[..., None], scale[..., None] * v], axis=-1)


def rotvec(q: Floats) -> Floats:
    """Axis times angle (..., 3), angle at most pi, of rotations (..., 4)."""
    q = q * np.where(q[..., :1] < 0, -1.0, 1.0)
    sine = np.sqrt(np.einsum("...i,...i->...", q[..., 1:], q[..., 1:]))
    angle = 2 * np.arctan2(sine, q[..., 0])
    return q[..., 1:] * (angle / np.maximum(sine, 1e-300))[..., None]
