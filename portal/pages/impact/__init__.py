"""What the programme came to, in figures: counted by a job, kept in rows of Figures, shown at /impact/.

`counting` asks the rows of every app, `hiding` keeps small groups of people from being told apart, `keeping` stores,
`asking` reads what a request wants, `tables` and `views` show it. docs/impact.md says what each figure counts.
"""

from portal.pages.impact.headline import Headline, headline

__all__ = ["Headline", "headline"]
