"""What numba compiles is compiled under a lock, and nothing more is compiled after it.

Two jobs that compile side by side on a new machine write one cache, and one of them may crash.
"""

from conftest import printed_by

PROGRAM = """
import gc, sys
import numpy as np
from numba.core.dispatcher import Dispatcher
from numba.np.ufunc.dufunc import DUFunc
from numba.np.ufunc.gufunc import GUFunc

def compiled():
    found = set()
    for thing in gc.get_objects():
        if issubclass(type(thing), Dispatcher):  # a dead proxy fails isinstance
            found |= {(id(thing), str(signature)) for signature in thing.signatures}
        elif issubclass(type(thing), (DUFunc, GUFunc)):
            found |= {(id(thing), str(kind)) for kind in thing.types}
    return found

random = np.random.default_rng(0)
from hybridmusic.transforms import umap
umap.warm_up(100)
before = compiled()
for d in (3, 52, 436):
    x = random.normal(size=(100, d)).astype(np.float32)
    umap.transform(x, 1, dimensions=2 + (d == 3), neighbours=15, min_dist=0.1)
print(len(before), len(compiled() - before))
"""


def test_nothing_is_compiled_after_the_warm_up():
    before, more = map(int, printed_by(PROGRAM).split())
    assert before > 10
    assert more == 0
