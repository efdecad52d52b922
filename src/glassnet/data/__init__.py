"""Files to a `Dataset`: rows, labels, names, image shape and pixel order.

`load_dataset` reads any source, `Preprocessor` makes numbers for a net out of any table. This
floor knows nothing of models.
"""

from glassnet.data.dataset import Dataset
from glassnet.data.image_shape import ImageShape
from glassnet.data.loading import load_dataset
from glassnet.data.preprocessor import Preprocessor
from glassnet.data.summary import DatasetSummary

__all__ = ["Dataset", "DatasetSummary", "ImageShape", "Preprocessor", "load_dataset"]
