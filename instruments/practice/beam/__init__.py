"""What a rotating crystal does in the X-rays, what the detector counts of it, and what one learns from the counts."""
