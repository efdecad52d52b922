"""Model files: save what was trained, load it, read nets that others trained.

A model file is one safetensors file with JSON inside; docs/model-files.md describes it. safetensors
and json alone suffice to read and use it; nothing is pickled, and nothing in it is code.

`save` and `load` are for estimators and pipelines, `save_model` and `load_model` for a
`TrainedModel`, which knows the names around an estimator as well. `table` lists all the classes
that a file may hold.
"""

from glassnet.store.objects import load, save
from glassnet.store.reading import load_model
from glassnet.store.theta import convert_theta
from glassnet.store.writing import save_model

__all__ = ["convert_theta", "load", "load_model", "save", "save_model"]
