"""The tree of techniques and the categories of small equipment, in the portal's languages."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    """A technique and those below it; texts as (English, French)."""

    slug: str
    name: tuple[str, str]
    summary: tuple[str, str]
    children: list["Node"] = field(default_factory=list)


TREE = [
    Node(
        "diffraction",
        ("Diffraction", "Diffraction"),
        (
            "Finds where the atoms of a material sit from the way it scatters X-rays.",
            "Trouve la place des atomes d’un matériau d’après la façon dont il diffuse les rayons X.",
        ),
        [
            Node(
                "single-crystal-x-ray",
                ("Single-crystal X-ray diffraction", "Diffraction des rayons X sur monocristal"),
                (
                    "Solves the full three-dimensional structure of a molecule from one small crystal.",
                    "Résout la structure tridimensionnelle complète d’une molécule à partir d’un seul petit cristal.",
                ),
            ),
            Node(
                "powder-x-ray",
                ("Powder X-ray diffraction", "Diffraction des rayons X sur poudre"),
                (
                    "Tells which crystalline phases a powder holds, and how much of each.",
                    "Dit quelles phases cristallines une poudre contient, et en quelle proportion.",
                ),
            ),
        ],
    ),
    Node(
        "microscopy",
        ("Microscopy", "Microscopie"),
        (
            "Shows what the eye cannot see, from cells down to single atoms.",
            "Montre ce que l’œil ne voit pas, de la cellule jusqu’à l’atome.",
        ),
        [
            Node(
                "sem",
                ("Scanning electron microscopy (SEM)", "Microscopie électronique à balayage (MEB)"),
                (
                    "Pictures the surface of a sample in relief, down to a few nanometres.",
                    "Montre en relief la surface d’un échantillon, jusqu’à quelques nanomètres.",
                ),
            ),
            Node(
                "tem",
                ("Transmission electron microscopy (TEM)", "Microscopie électronique en transmission (MET)"),
                (
                    "Looks through a very thin slice of a sample, down to columns of atoms.",
                    "Regarde à travers une tranche très mince d’un échantillon, jusqu’aux colonnes d’atomes.",
                ),
            ),
            Node(
                "confocal",
                ("Confocal microscopy", "Microscopie confocale"),
                (
                    "Builds sharp three-dimensional pictures of fluorescent samples, plane by plane.",
                    "Construit, plan par plan, des images nettes en trois dimensions d’échantillons fluorescents.",
                ),
            ),
            Node(
                "afm",
                ("Atomic force microscopy (AFM)", "Microscopie à force atomique (AFM)"),
                (
                    "Feels a surface with a fine tip and measures its height and stiffness.",
                    "Palpe une surface avec une pointe fine et en mesure la hauteur et la raideur.",
                ),
            ),
        ],
    ),
    Node(
        "imaging",
        ("Imaging and image analysis", "Imagerie et analyse d’images"),
        (
            "Takes pictures of whole samples and turns them into counts, sizes and shapes.",
            "Prend des images d’échantillons entiers et en tire des nombres, des tailles et des formes.",
        ),
    ),
    Node(
        "spectroscopy",
        ("Spectroscopy", "Spectroscopie"),
        (
            "Identifies and measures substances by the light or radio waves they absorb and emit.",
            "Identifie et dose les substances par la lumière ou les ondes radio qu’elles absorbent et émettent.",
        ),
        [
            Node(
                "nmr",
                ("Nuclear magnetic resonance (NMR)", "Résonance magnétique nucléaire (RMN)"),
                (
                    "Reads from its atomic nuclei how a molecule is put together.",
                    "Lit dans les noyaux de ses atomes comment une molécule est assemblée.",
                ),
            ),
            Node(
                "ir",
                ("Infrared spectroscopy (IR)", "Spectroscopie infrarouge (IR)"),
                (
                    "Recognises chemical groups by the way their bonds vibrate.",
                    "Reconnaît les groupes chimiques à la façon dont leurs liaisons vibrent.",
                ),
            ),
            Node(
                "uv-vis",
                ("Ultraviolet-visible spectroscopy (UV-Vis)", "Spectroscopie ultraviolet-visible (UV-Vis)"),
                (
                    "Measures how much of a coloured or absorbing substance a solution holds.",
                    "Mesure la quantité d’une substance colorée ou absorbante dans une solution.",
                ),
            ),
        ],
    ),
    Node(
        "metabolomics",
        ("Metabolomics", "Métabolomique"),
        (
            "Takes stock of the small molecules of a plant, a food or a patient’s sample.",
            "Dresse l’inventaire des petites molécules d’une plante, d’un aliment ou d’un prélèvement.",
        ),
        [
            Node(
                "lc-ms",
                ("Liquid chromatography-mass spectrometry (LC-MS)", "Chromatographie liquide-masse (LC-MS)"),
                (
                    "Separates a mixture in a liquid and weighs each of its molecules.",
                    "Sépare un mélange dans un liquide et pèse chacune de ses molécules.",
                ),
            ),
            Node(
                "gc-ms",
                ("Gas chromatography-mass spectrometry (GC-MS)", "Chromatographie gazeuse-masse (GC-MS)"),
                (
                    "Separates volatile substances in a gas and weighs each of their molecules.",
                    "Sépare des substances volatiles dans un gaz et pèse chacune de leurs molécules.",
                ),
            ),
        ],
    ),
    Node(
        "computational-methods",
        ("Computational methods", "Méthodes de calcul"),
        (
            "Models molecules, materials and data on computers that few institutes own.",
            "Modélise molécules, matériaux et données sur des ordinateurs que peu d’instituts possèdent.",
        ),
    ),
]

# (slug, English, French), in the order in which they are offered.
CATEGORIES = [
    ("balances", "Balances", "Balances"),
    ("centrifuges", "Centrifuges", "Centrifugeuses"),
    ("ph-meters", "pH meters", "pH-mètres"),
    ("uv-vis-spectrometers", "UV-Vis spectrometers", "Spectromètres UV-Vis"),
    ("pcr-machines", "PCR machines", "Thermocycleurs (PCR)"),
    ("electrophoresis", "Electrophoresis sets", "Matériel d’électrophorèse"),
    ("pipettes", "Pipettes", "Pipettes"),
    ("microscopes", "Microscopes", "Microscopes"),
    ("cameras", "Cameras", "Caméras et appareils photo"),
    ("computers", "Computers", "Ordinateurs"),
    ("incubators", "Incubators", "Incubateurs et étuves de culture"),
    ("ovens", "Ovens and furnaces", "Étuves et fours"),
    ("pumps", "Pumps", "Pompes"),
    ("glassware", "Glassware", "Verrerie"),
    ("other", "Other equipment", "Autre matériel"),
]
