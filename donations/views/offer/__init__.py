"""Pages of offers of equipment."""
