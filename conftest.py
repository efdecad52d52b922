"""What is collected: the native engine's modules hold examples only where it was built."""

from __future__ import annotations

from glassnet.training import available_engines

collect_ignore = [] if "native" in available_engines() else ["src/glassnet/training/native"]
