"""scikit-learn's tests of its logistic regressions, on ours."""

from __future__ import annotations

import inspect
import re

import pytest

from glassnet import LogisticRegression, LogisticRegressionCV

BORROWED = "sklearn.linear_model.tests.test_logistic"
PACKAGE = "sklearn.linear_model"
OURS = {"LogisticRegression": LogisticRegression, "LogisticRegressionCV": LogisticRegressionCV}

MORE_THAN_TWO = (
    "asks that liblinear refuse several classes, the end of the deprecation of multi_class; "
    "here one-vs-rest works as it did for ten years"
)
OPTIONS = MORE_THAN_TWO + "; then asks for the words of errors, which are ours here"
EXCEPTIONS = {
    "test_check_solver_option[LogisticRegression]": OPTIONS,
    "test_check_solver_option[LogisticRegressionCV]": OPTIONS,
    "test_liblinear_multiclass_raises[LogisticRegression]": MORE_THAN_TWO,
    "test_liblinear_multiclass_raises[LogisticRegressionCV]": MORE_THAN_TWO,
    "test_logistic_cv_multinomial_score": "passes our parameters, with multi_class, to a private "
    "function of scikit-learn's",
    "test_newton_cholesky_fallback_to_lbfgs": "asks for the warning and the count of iterations of "
    "scikit-learn's private fallback from one solver to another",
    "test_liblinear_dual_random_state": "asks that liblinear's dual solver stop so early that its "
    "result depends on the random state; ours ends at the optimum",
    "test_logistic_regression_callback_support_warning": "asks that callbacks be refused for all "
    "solvers but lbfgs; ours tells them of every solver",
}


def test_the_exceptions_are_few(borrowed: list[pytest.Function]) -> None:
    """At most a tenth of the tests of our classes that run and are not about L1."""

    def concerns_l2(item: pytest.Function) -> bool:
        about_l1 = re.search("l1|elastic", item.name, re.IGNORECASE)
        is_skipped = "array_api" in item.name  # they want a library, or SciPy set otherwise
        given = item.callspec.params.values() if hasattr(item, "callspec") else ()
        source = inspect.getsource(item.function)
        ours = any(each in OURS.values() for each in given if isinstance(each, type)) or re.search(
            r"\bLogisticRegression(CV)?\(", source
        )
        return bool(ours) and not about_l1 and not is_skipped

    tests = [item for item in borrowed if concerns_l2(item)]
    excepted = [
        item for item in tests if item.name in EXCEPTIONS or item.originalname in EXCEPTIONS
    ]
    assert len(tests) > 180
    assert len(excepted) <= 0.1 * len(tests), (len(excepted), len(tests))
