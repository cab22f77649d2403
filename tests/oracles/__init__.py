"""Scripted solutions under test. The checks are the same for every site; a site adds its facts in ``tests/oracles/<site>/``:

- ``test_solutions.py``: a subclass of ``solutions.SolutionChecks``, which solves every task and tries every wrong run;
- ``mutation.py``: ``mutated_facts(seed)``, the site's ``seed/facts.json`` changed at random;
- ``expected.py``: for each task that reads pages, what its run must come to, worked out from those facts;
- ``test_mutations.py``: a subclass of ``mutations.MutationChecks``, which plays every oracle on three such sites;
- ``test_absence.py``, where an oracle may answer N/A: a subclass of ``absence.AbsenceChecks``.

Each subclass names the site and fills in the class attributes that its base class lists; ``shopping/`` is the example.
"""

import pytest

pytest.register_assert_rewrite(*(f"{__name__}.{name}" for name in ("solutions", "mutations", "absence")))
