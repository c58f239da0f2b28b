"""What numba compiles is compiled under a lock, and nothing more is compiled after it.

Two jobs that compile side by side on a new machine write one cache, and one of them may crash.
"""

import pytest
from project import printed_by

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
from shared import graphs
from hybridmusic import kinds
from hybridmusic.spaces import neighbours
from hybridmusic.transforms import umap
umap.warm_up()
before = compiled()
for d in (3, 52, 436):
    members = {0: random.normal(size=(100, d)).astype(np.float32)}
    settings = kinds.settings("transforms", "umap", {"dimensions": 2 + (d == 3)})
    near = graphs.handed(umap, settings, members, 100)
    umap.transform(members[0], 1, **near[0], **settings)
print(len(before), len(compiled() - before))
neighbours.warm_up()
before = compiled()
for n, d, groups in ((300, 52, None), (4000, 200, np.arange(4000) % 3)):
    x = random.normal(size=(n, d))
    for metric in neighbours.METRICS:
        neighbours.knn_graph(x, 20, metric=metric, groups=groups, exact_up_to=50, seed=1)
print(len(compiled() - before))
"""


@pytest.mark.long
def test_nothing_is_compiled_after_the_warm_up():
    before, more, of_search = map(int, printed_by(PROGRAM).split())
    assert before > 10
    assert more == of_search == 0
