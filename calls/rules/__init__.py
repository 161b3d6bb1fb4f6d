"""Who may do what to calls, awards and interests."""
