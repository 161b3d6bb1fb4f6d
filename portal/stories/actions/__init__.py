"""Every write to stories, events, pictures and pages: one function a deed."""
