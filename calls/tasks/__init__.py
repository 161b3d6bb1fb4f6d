"""What runs later: shells that call actions, one module a subject."""
