"""Pages of those who judge: the board, an application at the desk, the panel, the laboratory's check, reviews."""
