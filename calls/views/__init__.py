"""Pages: `public` and `desk` of calls, `award`, `interest`."""
