"""What people type about themselves and where they work. Forms clean; actions write."""

from portal.accounts.forms.organisation import EntryForm, FileForm, KeptForm, OrganisationForm, PairForm
from portal.accounts.forms.people import ProfileForm, SignupForm, TokenForm, ZoneSearch

__all__ = [
    "EntryForm",
    "FileForm",
    "KeptForm",
    "OrganisationForm",
    "PairForm",
    "ProfileForm",
    "SignupForm",
    "TokenForm",
    "ZoneSearch",
]
