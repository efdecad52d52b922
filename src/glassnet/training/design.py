"""The design matrix of a linear model."""

from __future__ import annotations

from typing import Any, final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import get_blas_funcs

from glassnet.training.products import BlockProducts, MakeProducts


@final
class Design:
    """Rows x_i (d,), with a constant 1 appended where the model has an intercept.

    A model's parameters are ``theta (p, q)``: one column an output, the coefs first, the
    intercept last; p is d + 1 with an intercept and d without. X may be sparse; it is never
    made dense.

    Attributes
    ----------
    intercept : bool
        Whether the constant column is there.
    dtype : dtype
        The precision of its products.
    scale : ndarray of shape (p, 1)
        This design's columns are the original ones divided by it: parameters that belong to
        this design, divided by `scale`, belong to the original.
    mean_square : ndarray of shape (p, 1)
        Mean square of each column of this design.
    products : Products
        Who multiplies with it.
    """

    def __init__(
        self,
        X: Any,
        intercept: bool,
        scale: NDArray[Any] | None = None,
        mean_square: NDArray[Any] | None = None,
        make_products: MakeProducts = BlockProducts,
    ) -> None:
        self.n_features = X.shape[1]
        self.intercept = intercept
        self.dtype: np.dtype[Any] = X.dtype
        self._X = X
        self._make = make_products
        self.products = make_products(X, intercept)
        self.mean_square = self._mean_square(X) if mean_square is None else mean_square
        self.scale = np.ones_like(self.mean_square) if scale is None else scale

    def _mean_square(self, X: Any) -> NDArray[Any]:
        mean_square = np.ones((self.n_features + self.intercept, 1))
        with np.errstate(over="ignore"):
            if sp.issparse(X):
                squares = np.asarray(X.multiply(X).sum(axis=0)).ravel()
            else:
                squares = np.einsum("ij,ij->j", X, X)
        mean_square[: self.n_features, 0] = squares / X.shape[0]
        return mean_square

    def scaled(self) -> Design:
        """Return the design in float32 with columns of mean square 1: half the memory to read.

        Columns of zeros, and those whose squares leave the range of float64, stay as they are.
        """
        usable = (self.mean_square > 0) & np.isfinite(self.mean_square)
        scale = np.sqrt(np.where(usable, self.mean_square, 1.0))
        factors = 1 / scale[: self.n_features, 0]
        with np.errstate(over="ignore"):
            if sp.issparse(self._X):
                X = sp.csr_array(self._X @ sp.diags_array(factors), dtype=np.float32)
            else:
                X = np.empty(self._X.shape, dtype=np.float32)
                np.multiply(self._X, factors, out=X, casting="same_kind")
        mean_square = np.where(usable, 1.0, self.mean_square)
        return Design(X, self.intercept, scale, mean_square, self._make)

    def hessian(self, weights: NDArray[Any]) -> NDArray[Any]:
        """Return sum_i x_i x_i' times weights_i (q, q), as (p, q, p, q), for few parameters."""
        A = self._X.toarray() if sp.issparse(self._X) else self._X
        if self.intercept:
            A = np.column_stack([A, np.ones(len(A))])
        return np.tensordot(A, A[:, None, :, None] * weights[:, :, None, :], axes=(0, 0))

    def gram(self, rows: NDArray[np.intp], weights: NDArray[Any]) -> NDArray[Any]:
        """Return sum_i weights_i x_i x_i' (p, p) over some rows; weights (b,), rows (b,).

        Only the upper triangle is meant; what is below may be left out.
        """
        roots = np.sqrt(weights)[:, None].astype(self.dtype)
        if sp.issparse(self._X):
            A = sp.csr_array(self._X[rows].multiply(roots))
            if self.intercept:
                A = sp.hstack([A, sp.csr_array(roots)], format="csr")
            gram: NDArray[Any] = (A.T @ A).toarray()
            return gram
        return self._dense_gram(roots, rows)

    def _dense_gram(self, roots: NDArray[Any], rows: NDArray[np.intp]) -> NDArray[Any]:
        """Sum over blocks of rows: the weighted rows stay in the cache, and memory small.

        BLAS's syrk forms one triangle: 1.9 ms instead of 3.4 for 1008 rows of 401 (float32).
        """
        p, d = len(self.mean_square), self.n_features
        step = max(256, p // 2)
        gram = np.zeros((p, p), self.dtype, order="F")
        block = np.empty((min(step, len(rows)), p), self.dtype)
        (syrk,) = get_blas_funcs(("syrk",), (gram,))
        for first in range(0, len(rows), step):
            part = rows[first : first + step]
            weighted = block[: len(part)]
            weighted[:, :d] = self._X[part]
            weighted[:, d:] = 1
            weighted *= roots[first : first + step]
            gram = syrk(1.0, weighted.T, beta=1.0, c=gram, lower=1, overwrite_c=1)
        upper: NDArray[Any] = gram.T
        return upper
