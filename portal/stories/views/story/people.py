"""Who is shown in a story: named, agreed, taken back."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.requests import SignedInRequest
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Forbidden
from portal.stories.actions import story as actions
from portal.stories.enums import ConsentForm
from portal.stories.forms.consent import AddConsentForm, GiveConsentForm
from portal.stories.models import Consent, Story
from portal.stories.views.story.seen import edition_of
from portal.stories.views.story.write import back_to, either_way, visible


@either_way
@login_required
def people(request: SignedInRequest, slug: str) -> HttpResponse:
    """Everybody named, and a form for one more. Its sender may take consents back in every state."""
    story = visible(request, slug)
    can_edit = request.user.has_perm("stories.edit_story", story) and story.state != "archived"
    if request.method == "POST" and not can_edit:
        raise Forbidden
    form = AddConsentForm(request.POST if request.method == "POST" else None)
    status = done_with(
        request,
        form,
        lambda typed: actions.add_consent(story, by=request.user, edition=edition_of(request), **typed),
        _("The name is noted."),
    )
    if status == DONE:
        return redirect(_page(story))
    return _drawn(request, story, form, can_edit, status)


@require_POST
@login_required
def consent_do(request: SignedInRequest, slug: str, pk: int, verb: str) -> HttpResponse:
    """Note one consent as given, take it back, or take the name out."""
    story = visible(request, slug)
    consent = get_object_or_404(story.consents, pk=pk)
    if verb == "give":
        return _give(request, story, consent)
    deeds: dict[str, tuple[Callable[..., Any], str]] = {
        "withdraw": (actions.withdraw_consent, _("The consent is taken back. A published story is off at once.")),
        "drop": (actions.drop_consent, _("The name is taken out.")),
    }
    if verb not in deeds:
        raise Http404
    deed, words = deeds[verb]
    done(request, partial(deed, consent, by=request.user), words)
    return redirect(_page(story))


def _give(request: SignedInRequest, story: Story, consent: Consent) -> HttpResponse:
    form = GiveConsentForm(request.POST)
    status = done_with(
        request,
        form,
        lambda typed: actions.give_consent(consent, by=request.user, edition=edition_of(request), **typed),
        _("The consent is noted."),
    )
    if status == DONE:
        return redirect(_page(story))
    if not request.user.has_perm("stories.edit_story", story):
        raise Forbidden
    return _drawn(request, story, AddConsentForm(), True, status, wrong=(consent.pk, form))


def _drawn(
    request: SignedInRequest,
    story: Story,
    form: AddConsentForm,
    can_edit: bool,
    status: int,
    wrong: tuple[int, GiveConsentForm] | None = None,
) -> HttpResponse:
    story.refresh_from_db(fields=["edition", "state"])
    rows = [
        (consent, wrong[1] if wrong and wrong[0] == consent.pk else GiveConsentForm(auto_id=f"id_{consent.pk}_%s"))
        for consent in story.consents.all()
    ]
    context = {
        "story": story,
        "rows": rows,
        "form": form,
        "given": wrong[1] if wrong else None,
        "can_edit": can_edit,
        "is_own": story.sent_by_id == request.user.pk,
        "has_own": any(consent.form == ConsentForm.PORTAL for consent, _give in rows),
        "can_withdraw": request.user.has_perm("stories.withdraw_consent", story),
        "wording": actions.CONSENT,
        "wording_of_guardian": actions.CONSENT_OF_GUARDIAN,
        "back": back_to(request, story),
    }
    return render(request, "stories/story_people.html", context, status=status)


def _page(story: Story) -> str:
    return reverse("stories:people", args=[story.slug])
