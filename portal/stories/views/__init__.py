"""Pages of stories, events, the network and what staff write."""
