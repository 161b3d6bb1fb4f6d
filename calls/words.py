"""What happened to a call or an application, in a word a person reads; the history keeps the verbs."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

HAPPENED = {
    "create": _("written"),
    "edit": _("changed"),
    "publish": _("published"),
    "announce": _("announced to those whom it speaks to"),
    "extend": _("extended"),
    "withdraw": _("withdrawn"),
    "decide": _("marked as decided"),
    "archive": _("archived"),
    "set_criteria": _("criteria written"),
    "add_document": _("document added"),
    "remove_document": _("document removed"),
    "give_late_access": _("late access given"),
    "take_late_access": _("late access taken"),
    "revoke_late_access": _("late access taken back"),
}

# What the people of an application are told of its course. What judges do stays unseen until the release.
APPLICATION_HAPPENED = {
    "start": pgettext_lazy("application", "begun"),
    "submit": pgettext_lazy("application", "handed in"),
    "ask": pgettext_lazy("application", "returned for changes"),
    "answer": pgettext_lazy("application", "handed in again"),
    "withdraw": pgettext_lazy("application", "withdrawn"),
    "lapse": pgettext_lazy("application", "lapsed"),
    "release_award": pgettext_lazy("application", "awarded"),
    "release_reserve": pgettext_lazy("application", "put on the reserve list"),
    "release_decline": pgettext_lazy("application", "declined"),
    "step_up": pgettext_lazy("application", "awarded from the reserve list"),
}

# What the desk reads of an application's course.
HAPPENED_TO_APPLICATION = APPLICATION_HAPPENED | {
    "check_eligible": pgettext_lazy("application", "eligibility judged"),
    "check_feasible": pgettext_lazy("application", "feasibility judged"),
    "check_safe": pgettext_lazy("application", "safety judged"),
    "pass_screening": pgettext_lazy("application", "passed to the laboratory"),
    "pass_to_review": pgettext_lazy("application", "passed to review"),
    "pass_feasibility": pgettext_lazy("application", "passed to review by the laboratory"),
    "prepare": pgettext_lazy("application", "outcome prepared"),
    "rank": pgettext_lazy("application", "given another place"),
    "pass_over": pgettext_lazy("application", "passed over on the reserve list"),
    "save": pgettext_lazy("application", "a section saved"),
    "invite": pgettext_lazy("application", "a co-applicant invited"),
    "join": pgettext_lazy("application", "a co-applicant joined"),
    "change_role": pgettext_lazy("application", "a co-applicant given another role"),
    "remove_member": pgettext_lazy("application", "a co-applicant removed"),
    "leave": pgettext_lazy("application", "a co-applicant left"),
    "attach": pgettext_lazy("application", "a file attached"),
    "detach": pgettext_lazy("application", "a file removed"),
    "ask_endorsement": pgettext_lazy("application", "endorsement asked for"),
    "endorse": pgettext_lazy("application", "endorsed"),
    "refuse_endorsement": pgettext_lazy("application", "endorsement refused"),
    "drop_endorsement": pgettext_lazy("application", "endorsement dropped with the organisation"),
}
