"""How a need is drafted."""

from django.utils.translation import gettext_lazy as _

from donations.forms.need import FORMS
from donations.models import Need
from donations.need_steps import STEPS
from donations.views.drafting import Drafting

NEED = Drafting("need", "needs", Need, STEPS, FORMS, _("Needs"))
