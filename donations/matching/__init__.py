"""Finding what fits: hard conditions, a score with named parts, and the best assignment over all of them."""
