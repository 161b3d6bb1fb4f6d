"""Crystals as the literature gives them: cell, symmetry, atoms; and what they scatter."""
