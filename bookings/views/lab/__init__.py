"""The laboratory's pages: what waits and comes, the units over a week or a day, what the instruments were used for."""
