"""What a stage of the analysis is: the same code for live and recorded data."""

from typing import Protocol, TypeVar

In_contra = TypeVar("In_contra", contravariant=True)
Out_co = TypeVar("Out_co", covariant=True)


class Stage(Protocol[In_contra, Out_co]):
    """Takes blocks in order and gives what they make known; where blocks are cut changes nothing in the sum."""

    def push(self, block: In_contra, /) -> Out_co:
        """What this block makes known."""
        ...

    def finish(self) -> Out_co:
        """What is known only because nothing follows."""
        ...
