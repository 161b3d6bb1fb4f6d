"""Pages of shipments: for staff, for who sends and for who receives."""
