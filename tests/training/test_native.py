"""What the native engine promises beyond the tests of all engines.

Same bits whatever the number of threads and whoever else computes; every instruction set agrees;
hostile input gets a sentence; any shape, dtype and order of X trains as the reference does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from dataclasses import replace
from typing import Any

import joblib
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits

from glassnet.estimators import MLPClassifier
from glassnet.model import ACTIVATIONS, Member, Network, Population
from glassnet.training import (
    Adam,
    AdamW,
    Cosine,
    Fit,
    OneCycle,
    ReferenceEngine,
    Sgd,
    Stop,
    available_engines,
)

pytestmark = [
    pytest.mark.skipif(
        "native" not in available_engines(), reason="the native engine was not built here"
    ),
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]
F32, F64 = np.dtype(np.float32), np.dtype(np.float64)
DIGITS, LABELS = load_digits(return_X_y=True)
DIGITS = DIGITS / 16


def native(n_threads: int | None = None) -> Any:
    from glassnet.training.native import NativeEngine

    return NativeEngine(n_threads)


def fit(n_threads: int, dtype: np.dtype[Any] = F32, **parameters: Any) -> Fit:
    settings = {"max_iter": 5, "batch_size": 200, **parameters}
    network = Network((64, 40, 10), "logistic")
    member = Member(Sgd(0.5), np.random.RandomState(0), **settings)
    y = np.eye(10)[LABELS]
    (found,) = native(n_threads).train(Population(network, (member,)), DIGITS, y, dtype=dtype).fits
    return found


@pytest.mark.parametrize("dtype", [F32, F64], ids=str)
def test_same_bits_for_any_number_of_threads(dtype: np.dtype[Any]) -> None:
    one = fit(1, dtype)
    for n_threads in (2, 3, 5):
        many = fit(n_threads, dtype)
        assert np.array_equal(one.parameters, many.parameters)
        assert one.loss_curve == many.loss_curve


def test_a_population_on_many_threads_is_each_member_alone() -> None:
    network, y = Network((64, 9, 10)), np.eye(10)[LABELS]

    def members() -> tuple[Member, ...]:
        return tuple(
            Member(Adam(0.01), np.random.RandomState(seed), max_iter=3 + seed) for seed in range(7)
        )

    together = native(3).train(Population(network, members()), DIGITS, y, dtype=F32)
    for alone, fit_of_it in zip(members(), together.fits, strict=True):
        (single,) = native(1).train(Population(network, (alone,)), DIGITS, y, dtype=F32).fits
        assert np.array_equal(single.parameters, fit_of_it.parameters)
        assert single.n_iter == fit_of_it.n_iter


def in_a_new_process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **environment},
        check=False,
    )


TRAIN = """
    import warnings; warnings.simplefilter("ignore")
    import numpy as np
    from sklearn.datasets import load_digits
    from glassnet import MLPClassifier, _core
    X, y = load_digits(return_X_y=True)
    net = MLPClassifier((40,), max_iter=4, random_state=0, precision="float64").fit(X / 16, y)
    print(_core.isa(), repr(net.loss_))
"""


def test_every_instruction_set_agrees() -> None:
    from glassnet import _core

    losses = {}
    for isa in _core.isas_available():
        result = in_a_new_process(TRAIN, GLASSNET_ISA=isa)
        assert result.returncode == 0, result.stderr
        used, loss = result.stdout.split()
        assert used == isa
        losses[isa] = float(loss)
    assert "baseline" in losses
    assert max(losses.values()) == pytest.approx(min(losses.values()), rel=1e-9)


def test_an_instruction_set_that_is_not_there_is_refused_in_a_sentence() -> None:
    result = in_a_new_process(TRAIN, GLASSNET_ISA="v9")
    assert result.returncode != 0
    assert "GLASSNET_ISA" in result.stderr
    assert "v9" in result.stderr


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_joblib(backend: str) -> None:
    def loss(seed: int) -> float:
        net = MLPClassifier((8,), max_iter=3, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return net.fit(DIGITS, LABELS).loss_

    expected = [loss(seed) for seed in range(4)]
    found = joblib.Parallel(n_jobs=2, backend=backend)(joblib.delayed(loss)(s) for s in range(4))
    assert found == expected


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_after_fork() -> None:
    result = in_a_new_process(
        TRAIN
        + """
    import os
    pid = os.fork()
    again = MLPClassifier((40,), max_iter=4, random_state=0, precision="float64").fit(X / 16, y)
    assert again.loss_ == net.loss_
    if pid == 0:
        os._exit(7)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
""".replace("\n    ", "\n    ")
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split()[-1] == "7"


def test_several_python_threads_at_once() -> None:
    expected = fit(2)
    found: list[Fit] = []
    threads = [threading.Thread(target=lambda: found.append(fit(2))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(one.parameters, expected.parameters) for one in found)


def test_limits_of_threads_are_kept() -> None:
    from glassnet.training.native import NativeEngine

    def threads() -> int:
        return NativeEngine().threads

    if threads() == 1:
        pytest.skip("there is but one thread here")
    with threadpool_limits(1):
        assert threads() == 1
    assert NativeEngine(3).threads == 3
    for name in ("OMP_NUM_THREADS", "LOKY_MAX_CPU_COUNT"):
        code = "from glassnet import _core; print(_core.default_threads())"
        assert in_a_new_process(code, **{name: "1"}).stdout == "1\n"
        assert in_a_new_process(code, **{name: "0"}).stdout != "1\n"


def test_lbfgs_has_the_same_bits_whatever_the_threads_of_blas() -> None:
    random = np.random.RandomState(0)
    X, y = random.normal(size=(300, 200)), random.randint(5, size=300)
    net = MLPClassifier((60,), solver="lbfgs", max_iter=40, random_state=0)
    found = []
    for limit in (1, 4):
        with threadpool_limits(limit, user_api="blas"):
            found.append(clone(net).fit(X, y))
    assert found[0].loss_ == found[1].loss_
    assert np.array_equal(found[0].coefs_[0], found[1].coefs_[0])


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited as Linux does it")
def test_a_prediction_without_memory_enough_fails_with_a_sentence() -> None:
    result = in_a_new_process("""
        import resource
        import numpy as np
        from glassnet.model import Network
        from glassnet.training.native import NativeEngine
        network = Network((1, 500_000, 2), "tanh", "logistic")
        coefs = [np.zeros((1, 500_000), np.float32), np.zeros((500_000, 2), np.float32)]
        intercepts = [np.zeros(500_000, np.float32), np.zeros(2, np.float32)]
        X = np.ones((2000, 1), np.float32)
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + 400_000_000, -1))
        try:
            NativeEngine(2).predict(network, coefs, intercepts, X, dtype=np.dtype(np.float32))
        except MemoryError as error:
            print(error)
    """)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("There is not enough memory for this work: take fewer rows")


def test_rows_that_lie_crooked_in_memory_are_copied() -> None:
    straight = np.ascontiguousarray(DIGITS, dtype=np.float32)
    crooked = np.frombuffer(b"\0" + straight.tobytes(), np.float32, straight.size, 1)
    crooked = crooked.reshape(straight.shape)
    assert not crooked.flags.aligned
    net = MLPClassifier((8,), max_iter=3, random_state=0)
    losses = [clone(net).fit(X, LABELS).loss_ for X in (straight, crooked)]
    assert losses[0] == losses[1]
    fitted = net.fit(straight, LABELS)
    assert np.array_equal(fitted.predict_proba(straight), fitted.predict_proba(crooked))


@pytest.mark.skipif(os.name != "posix", reason="signals are sent the POSIX way")
def test_ctrl_c_keeps_the_net_and_warns() -> None:
    code = """
        import warnings
        import numpy as np
        from glassnet import MLPClassifier
        random = np.random.RandomState(0)
        X, y = random.normal(size=(20000, 200)), random.randint(10, size=20000)
        print("ready", flush=True)
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            net = MLPClassifier((64,), max_iter=100000, n_iter_no_change=100000).fit(X, y)
        print(len(net.loss_curve_) < 100000, [str(w.message)[:20] for w in heard])
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out.startswith("True ['Training interrupted")


shapes = st.tuples(st.integers(2, 40), st.integers(1, 20), st.integers(2, 5))


@settings(max_examples=100, deadline=None)
@given(
    shapes,
    st.lists(st.integers(1, 33), max_size=3),
    st.sampled_from(list(ACTIVATIONS)),
    st.sampled_from(["C", "F", "strided", "reversed", "csr", "float32", "int"]),
    st.sampled_from(
        [
            Sgd(0.05),
            Sgd(0.05, 0.5, False, weight_decay=0.1),
            Sgd(0.05, schedule=Cosine(0.3)),
            Adam(0.01),
            AdamW(0.01, schedule=OneCycle(2)),
        ]
    ),
    st.sampled_from(["classes", "identity", "exp"]),
    st.fixed_dictionaries(
        {
            "dropout": st.sampled_from([0.0, 0.4]),
            "label_smoothing": st.sampled_from([0.0, 0.2]),
            "clip_norm": st.sampled_from([None, 0.3]),
        }
    ),
    st.integers(1, 50),
    st.sampled_from([0.0, 1.0]),
    st.booleans(),
    st.integers(0, 1000),
)
def test_any_shape_order_and_parameters_train_as_the_reference_does(
    shape: tuple[int, int, int],
    hidden: list[int],
    activation: str,
    layout: str,
    solver: Any,
    output: str,
    more: dict[str, Any],
    batch_size: int,
    alpha: float,
    weighted: bool,
    seed: int,
) -> None:
    n, d, k = shape
    random = np.random.RandomState(seed)
    X = random.normal(size=(n, d)) * (random.uniform(size=(n, d)) < 0.6)
    rows: Any = {
        "C": lambda: X,
        "F": lambda: np.asfortranarray(X),
        "strided": lambda: np.repeat(X, 2, axis=1)[:, ::2],
        "reversed": lambda: X[::-1, ::-1],
        "csr": lambda: scipy.sparse.csr_matrix(X),
        "float32": lambda: X.astype(np.float32),
        "int": lambda: (3 * X).astype(np.int16),
    }[layout]()
    y = np.eye(k)[np.r_[np.arange(min(n, k)), random.randint(k, size=max(n - k, 0))]][:n]
    if k == 2:
        y = y[:, 1:]
    if output == "classes":
        output = "logistic" if k == 2 else "softmax"
    else:
        y = y * random.uniform(0, 2, size=y.shape)
        # Slowly: at the edge of diverging, a rounding more or less decides.
        solver = replace(solver, learning_rate_init=solver.learning_rate_init / 50)
    network = Network((d, *hidden, y.shape[1]), activation, output)
    weights = random.uniform(0.1, 2, size=n) if weighted else None

    def member() -> Member:
        return Member(
            solver,
            np.random.RandomState(seed),
            alpha=alpha,
            max_iter=3,
            batch_size=min(batch_size, n),
            row_weights=weights,
            **more,
        )

    population = [Population(network, (member(),)) for _ in range(2)]
    theirs = ReferenceEngine().train(population[0], rows, y, dtype=F64).fits[0]
    ours = native(2).train(population[1], rows, y, dtype=F64).fits[0]
    if theirs.stop is Stop.DIVERGED:
        return assert_diverges_too(ours, theirs)
    np.testing.assert_allclose(ours.loss_curve, theirs.loss_curve, rtol=1e-9)
    np.testing.assert_allclose(ours.parameters, theirs.parameters, rtol=1e-6, atol=1e-9)


def assert_diverges_too(ours: Fit, theirs: Fit) -> None:
    """Assert that both go the same way until the loss is no number.

    Where coefs are infinite, it depends on the order of sums and on zeros that are passed over
    whether the next number is infinite or NaN, or still finite once more, if absurd.
    """
    last = len(theirs.loss_curve) - 1
    np.testing.assert_allclose(ours.loss_curve[:last], theirs.loss_curve[:last], rtol=1e-9)
    before = theirs.loss_curve[last - 1] if last > 0 else 0.0
    assert not ours.loss_curve[last] < 10 * before


@pytest.mark.parametrize("d", [2, 3, 127, 128, 129, 130, 257, 288, 290, 385])
@pytest.mark.parametrize("units", [4, 10, 24, 40, 70])
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_rows_with_many_zeros_of_any_width(d: int, units: int, dropout: float) -> None:
    random = np.random.RandomState(d)
    X = np.where(random.rand(83, d) < 0.2, random.normal(size=(83, d)), 0.0)
    y = np.eye(3)[np.arange(83) % 3]
    network = Network((d, units, 3), "logistic")

    def trained(engine: Any) -> Fit:
        stream = np.random.RandomState(0)
        member = Member(Sgd(0.1), stream, max_iter=3, batch_size=37, dropout=dropout)
        return engine.train(Population(network, (member,)), X, y, dtype=F64).fits[0]

    ours, theirs = trained(native(2)), trained(ReferenceEngine())
    np.testing.assert_allclose(ours.parameters, theirs.parameters, rtol=1e-9, atol=1e-12)


def test_x_in_float32_is_not_copied() -> None:
    from glassnet.training.native.rows import rows_of

    X = np.ascontiguousarray(DIGITS, dtype=np.float32)
    before = X.copy()
    X.flags.writeable = False
    network, y = Network((64, 5, 10)), np.eye(10)[LABELS]
    member = Member(Adam(), np.random.RandomState(0), max_iter=1)
    native(2).train(Population(network, (member,)), X, y, dtype=F32)
    assert np.array_equal(X, before)
    assert rows_of(X, F32, 1) is not None


def test_foreign_random_streams_fall_back_with_one_warning() -> None:
    stream = np.random.RandomState(np.random.PCG64(0))
    network, y = Network((64, 5, 10)), np.eye(10)[LABELS]
    member = Member(Adam(), stream, max_iter=1)
    with pytest.warns(UserWarning, match="MT19937.*reference engine") as heard:
        native().train(Population(network, (member,)), DIGITS, y, dtype=F32)
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rows": np.array([0, 99999])}, "row number"),
        ({"rows": np.array([-1])}, "row number"),
        ({"row_weights": np.ones(3)}, "row_weights"),
        ({"start": np.zeros(3)}, "theta"),
        ({"batch_size": 0}, "batch_size"),
        ({"target": 3}, "target"),
    ],
    ids=str,
)
def test_members_that_do_not_fit_are_refused(change: dict[str, Any], sentence: str) -> None:
    member = Member(Adam(), np.random.RandomState(0), **{"max_iter": 1, **change})
    population = Population(Network((64, 5, 10)), (member,))
    with pytest.raises(ValueError, match=sentence):
        native().train(population, DIGITS, np.eye(10)[LABELS], dtype=F32)


def test_a_damaged_sparse_matrix_is_refused() -> None:
    X = scipy.sparse.csr_matrix(DIGITS)
    X.indices = X.indices.copy()
    X.indices[5] = 10**6
    member = Member(Adam(), np.random.RandomState(0), max_iter=1)
    population = Population(Network((64, 5, 10)), (member,))
    with pytest.raises(ValueError, match="column"):
        native().train(population, X, np.eye(10)[LABELS], dtype=F32)
