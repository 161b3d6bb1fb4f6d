"""Forms of stories, events and pages."""
