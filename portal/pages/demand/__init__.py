"""Where demand is greater than what laboratories open: `counting` reads it, `ranking` says where to seek."""
