"""The classes that a model file may hold: all that `save` writes and `load` makes is listed here.

Nothing is imported by a name in a file, and a file can set no attribute that is not declared. To
let files hold another class, add its entry to `known_glassnet` or `known_sklearn`.
"""

from __future__ import annotations

__all__ = ["BY_CLASS", "BY_NAME", "LISTED"]

from glassnet.store.known import Known
from glassnet.store.known_glassnet import GLASSNET
from glassnet.store.known_sklearn import SKLEARN

BY_CLASS: dict[type, Known] = {known.cls: known for known in (*GLASSNET, *SKLEARN)}
BY_NAME: dict[str, Known] = {known.name: known for known in BY_CLASS.values()}
# The estimators among them, as a sentence lists them.
LISTED = ", ".join(known.short_name for known in BY_CLASS.values() if known.is_estimator)
