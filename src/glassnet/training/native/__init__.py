"""The native engine: the reference's steps in C++, for those who wait for them."""

from glassnet.training.native.engine import NativeEngine

__all__ = ["NativeEngine"]
