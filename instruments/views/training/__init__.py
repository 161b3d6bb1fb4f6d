"""Pages of trainings: what everybody sees, what a laboratory does with them, and the wishes gathered for it."""
