"""Every write of calls that matters, one function a deed: `call`, `award`, `interest`."""
