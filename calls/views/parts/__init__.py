"""Pages of the parts of an application: samples, team, endorsement, files, and the whole as a PDF."""
