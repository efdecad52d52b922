"""Metadata requests of estimators (`set_fit_request(sample_weight=True)`), as plain values."""

from __future__ import annotations

__all__ = ["requests_of", "set_requests"]

from typing import Any

import sklearn
from sklearn.base import BaseEstimator
from sklearn.utils.metadata_routing import MetadataRequest

from glassnet.errors import ModelFileError

Requests = dict[str, dict[str, bool | str | None]]


def requests_of(thing: Any) -> Requests:
    """Return what was asked for with `set_..._request`, by method."""
    own = vars(thing).get("_metadata_request")
    if not isinstance(own, MetadataRequest):
        return {}
    found: Requests = {}
    for method, asked in vars(own).items():
        requests = getattr(asked, "requests", None) or {}
        said = {name: value for name, value in requests.items() if value is not None}
        if said:
            found[method] = said
    return found


def set_requests(estimator: Any, requests: Any) -> None:
    """Ask for the same again.

    Raises
    ------
    ModelFileError
        When the estimator has no such method or does not take such metadata.
    """
    if not isinstance(estimator, BaseEstimator) or not isinstance(requests, dict):
        raise ModelFileError("its metadata requests belong to no estimator")
    with sklearn.config_context(enable_metadata_routing=True):
        for method, asked in requests.items():
            known: Any = getattr(estimator._get_metadata_request(), method, None)
            requests_known = getattr(known, "requests", None)
            if not isinstance(asked, dict) or not isinstance(requests_known, dict):
                raise ModelFileError(f"it asks for metadata of the unknown method {method[:40]!r}")
            for name, value in asked.items():
                if name not in requests_known or not isinstance(value, bool | str | None):
                    raise ModelFileError(f"{method} takes no metadata {name[:40]!r}")
            getattr(estimator, f"set_{method}_request")(**asked)
