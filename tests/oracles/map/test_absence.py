from __future__ import annotations

from ..absence import AbsenceChecks

# Another result: from there it is 469 m to the nearest Social Security office as the crow flies, and 1.25 times that on foot.
OFFICE = (
    '<ul><li>Government Office <a href="/node/1">Heinz Hall, 600, Penn Avenue, Central Business District, Pittsburgh, '
    "Allegheny County, Pennsylvania, 15222, United States</a></li></ul>"
)


class TestMapAbsence(AbsenceChecks):
    site = "map"
    nothing_found = (91,)
    looks = ((91, "/search?query=US+Citizenship"),)
    repeats = ((91, "/search", OFFICE, "586m"),)
