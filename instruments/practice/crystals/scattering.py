"""What an atom scatters: the nine-parameter fit of Cromer & Mann for neutral atoms.

Coefficients: International Tables for Crystallography, volume C, table 6.1.1.4 (Cromer & Mann, Acta Cryst. A24 (1968)
321): a1 b1 a2 b2 a3 b3 a4 b4 c. Without dispersion, so Friedel's law holds exactly.
"""

import math

COEFFICIENTS = {
    "H": (0.489918, 20.6593, 0.262003, 7.74039, 0.196767, 49.5519, 0.049879, 2.20159, 0.001305),
    "C": (2.31000, 20.8439, 1.02000, 10.2075, 1.58860, 0.568700, 0.865000, 51.6512, 0.215600),
    "N": (12.2126, 0.005700, 3.13220, 9.89330, 2.01250, 28.9975, 1.16630, 0.582600, -11.529),
    "O": (3.04850, 13.2771, 2.28680, 5.70110, 1.54630, 0.323900, 0.867000, 32.9089, 0.250800),
    "Na": (4.76260, 3.28500, 3.17360, 8.84220, 1.26740, 0.313600, 1.11280, 129.424, 0.676000),
    "Si": (6.29150, 2.43860, 3.03530, 32.3337, 1.98910, 0.678500, 1.54100, 81.6937, 1.14070),
    "Cl": (11.4604, 0.010400, 7.19640, 1.16620, 6.25560, 18.5194, 1.64550, 47.7784, -9.55740),
    "Ca": (8.62660, 10.4421, 7.38730, 0.659900, 1.58990, 85.7484, 1.02110, 178.437, 1.37510),
}
ELECTRONS = {"H": 1, "C": 6, "N": 7, "O": 8, "Na": 11, "Si": 14, "Cl": 17, "Ca": 20}


def form_factor(element: str, stol: float) -> float:
    """Electrons that scatter in phase; `stol` is sin(theta)/lambda in 1/angstrom, good up to 2."""
    *pairs, constant = COEFFICIENTS[element]
    squared = stol * stol
    return constant + sum(a * math.exp(-b * squared) for a, b in zip(pairs[::2], pairs[1::2], strict=True))
