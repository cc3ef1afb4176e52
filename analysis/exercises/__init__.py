"""Repetitions of each exercise, one module an exercise."""
