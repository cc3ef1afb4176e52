"""Formats of straps that other makers sell, one module a device."""
