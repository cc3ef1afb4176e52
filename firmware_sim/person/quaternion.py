"""Rotations as unit quaternions (w x y z) on arrays of any leading shape.

Invariant: only element-wise arithmetic, so that a result does not depend on how time was cut.
Written apart from the analysis on purpose: the simulated truth must not share its mistakes.
"""

import numpy as np

from sensor.samples import Floats


def multiply(a: Floats, b: Floats) -> Floats:
    """Products a * b of quaternions (..., 4) that broadcast."""
    aw, ax, ay, az = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    bw, bx, by, bz = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    w = aw * bw - ax * bx - ay * by - az * bz
    out = np.empty((*w.shape, 4))
    out[..., 0] = w
    out[..., 1] = aw * bx + ax * bw + ay * bz - az * by
    out[..., 2] = aw * by - ax * bz + ay * bw + az * bx
    out[..., 3] = aw * bz + ax * by - ay * bx + az * bw
    return out


def conjugate(q: Floats) -> Floats:
    """The opposite rotations."""
    out = -q
    out[..., 0] = q[..., 0]
    return out


def rotate(q: Floats, v: Floats) -> Floats:
    """Vectors (..., 3) given in the inner frame, in the outer frame."""
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    a, b, c = v[..., 0], v[..., 1], v[..., 2]
    tx, ty, tz = 2 * (y * c - z * b), 2 * (z * a - x * c), 2 * (x * b - y * a)
    out = np.empty((*tx.shape, 3))
    out[..., 0] = a + w * tx + y * tz - z * ty
    out[..., 1] = b + w * ty + z * tx - x * tz
    out[..., 2] = c + w * tz + x * ty - y * tx
    return out


def rotate_back(q: Floats, v: Floats) -> Floats:
    """Vectors (..., 3) given in the outer frame, in the inner frame."""
    return rotate(conjugate(q), v)


def about(axis: int, angle_rad: Floats) -> Floats:
    """Rotations about axis 0 (x), 1 (y) or 2 (z) by angles (...)."""
    out = np.zeros((*angle_rad.shape, 4))
    half = 0.5 * angle_rad
    out[..., 0] = np.cos(half)
    out[..., 1 + axis] = np.sin(half)
    return out


def from_rotation_vector(r_rad: Floats) -> Floats:
    """Rotations about the direction of (..., 3) by its length."""
    square = r_rad[..., 0] ** 2 + r_rad[..., 1] ** 2 + r_rad[..., 2] ** 2
    half = 0.5 * np.sqrt(square)
    out = np.empty((*square.shape, 4))
    out[..., 0] = np.cos(half)
    out[..., 1:] = (0.5 * np.sinc(half / np.pi))[..., None] * r_rad
    return out


def small_rotation_vector(q: Floats) -> Floats:
    """Rotation vectors (..., 3) of rotations well below a half turn, of either sign of the quaternion."""
    v = q[..., 1:]
    sine = np.sqrt(v[..., 0] ** 2 + v[..., 1] ** 2 + v[..., 2] ** 2)
    half = np.arctan2(sine, np.abs(q[..., 0]))
    tiny = sine < 1e-12
    scale = np.where(tiny, 2.0, 2.0 * half / np.where(tiny, 1.0, sine)) * np.where(q[..., 0] < 0, -1.0, 1.0)
    return scale[..., None] * v


def normalized(q: Floats) -> Floats:
    """Quaternions (..., 4) at length 1."""
    length = np.sqrt(q[..., 0] ** 2 + q[..., 1] ** 2 + q[..., 2] ** 2 + q[..., 3] ** 2)
    return q / length[..., None]


def blend(a: Floats, b: Floats, weight: Floats) -> Floats:
    """From `a` (weight 0) the short way to `b` (weight 1), normalised."""
    dot = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2] + a[..., 3] * b[..., 3]
    near = np.where(dot < 0, -1.0, 1.0)[..., None] * b
    return normalized((1 - weight)[..., None] * a + weight[..., None] * near)


def random_rotation(rng: np.random.Generator) -> Floats:
    """A rotation (4,) drawn evenly from all."""
    return normalized(rng.standard_normal(4))
