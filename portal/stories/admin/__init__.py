"""The back office of stories, events and pages."""
