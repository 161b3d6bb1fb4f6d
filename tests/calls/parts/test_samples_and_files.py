"""Samples declared and files attached: bounded, and only while the application is with its people."""

import pytest
from django.utils import timezone

from calls.actions.application import attachments, samples
from calls.actions.application.limits import MOST_FILES, MOST_SAMPLES
from calls.actions.application.parts import missing_parts
from calls.enums import ApplicationState, Hazard, SampleForm
from calls.models import Application, ApplicationSample, Attachment
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, Taken
from portal.core.files import check_upload
from tests.calls.parts.conftest import kept_files
from tests.factories.applications import SampleFactory, TeamMemberFactory
from tests.support import uploads

pytestmark = pytest.mark.django_db
FIELDS = {"label": "Cu-1", "composition": "C12H10CuN4O2", "form": SampleForm.CRYSTAL, "hazards": [Hazard.TOXIC]}


def sample_lacks(application):
    return [r.message for r in missing_parts(application) if r.code == "samples" and "Not finished" not in r.message]


def checked(title: str = "", name: str = "plan.pdf"):
    return check_upload(uploads.upload(uploads.pdf(title=title), name))


def test_samples_are_declared_corrected_and_removed(draft, researcher):
    sample = samples.add_sample(draft, FIELDS, by=researcher)
    assert sample.hazard_names == ["Toxic"]
    samples.change_sample(sample, {"composition": "NaCl", "hazards": []}, by=researcher)
    sample.refresh_from_db()
    assert (sample.composition, sample.hazards, sample.label) == ("NaCl", [], "Cu-1")
    with pytest.raises(Refused) as refused:
        samples.add_sample(draft, FIELDS | {"label": "cu-1"}, by=researcher)
    assert refused.value.codes == ["label_taken"]
    samples.remove_sample(sample, by=researcher)
    assert not draft.samples.exists()
    draft.refresh_from_db()
    assert draft.version_of("samples") == 3


def test_a_removed_sample_does_not_come_back_by_a_late_correction(draft, researcher):
    sample = samples.add_sample(draft, FIELDS, by=researcher)
    samples.remove_sample(ApplicationSample.objects.get(pk=sample.pk), by=researcher)
    with pytest.raises(Refused) as refused:
        samples.change_sample(sample, {"composition": "NaCl"}, by=researcher)
    assert refused.value.codes == ["gone"]
    assert not draft.samples.exists()


def test_samples_have_an_end(draft, researcher):
    SampleFactory.create_batch(MOST_SAMPLES, application=draft)
    with pytest.raises(Refused) as refused:
        samples.add_sample(draft, FIELDS, by=researcher)
    assert refused.value.codes == ["too_many"]


def test_what_samples_lack(draft):
    assert sample_lacks(draft) == []
    draft.has_samples = True
    assert "declare at least one" in sample_lacks(draft)[0]
    SampleFactory(application=draft, hazards=[Hazard.TOXIC])
    assert "how they are handled safely" in sample_lacks(draft)[0]
    draft.safety_words = "In a fume hood."
    assert sample_lacks(draft) == []
    draft.has_samples = False
    assert "yet some are declared" in sample_lacks(draft)[0]


def test_a_file_is_attached_once_and_goes_with_its_bytes(draft, researcher, django_capture_on_commit_callbacks):
    attachment = attachments.attach(draft, checked(), by=researcher)
    assert (attachment.name, attachment.content_type, attachment.uploaded_by) == (
        "plan.pdf", "application/pdf", researcher,
    )  # fmt: skip
    assert attachment.file.name.startswith("private/applications/")
    assert "plan" not in attachment.file.name
    with pytest.raises(Taken):
        attachments.attach(draft, checked(name="copy.pdf"), by=researcher)
    assert len(kept_files()) == 1
    with django_capture_on_commit_callbacks() as after_commit:
        attachments.detach(attachment, by=researcher)
        attachments.detach(attachment, by=researcher)
    assert len(kept_files()) == 1
    for callback in after_commit:
        callback()
    assert (kept_files(), Attachment.objects.count()) == ([], 0)
    assert [entry.verb for entry in history_of(draft)] == ["detach", "attach"]


def test_files_have_an_end(draft, researcher):
    for number in range(MOST_FILES):
        attachments.attach(draft, checked(title=str(number)), by=researcher)
    with pytest.raises(Refused) as refused:
        attachments.attach(draft, checked(title="more"), by=researcher)
    assert refused.value.codes == ["too_many"]
    assert len(kept_files()) == MOST_FILES


def test_a_deed_that_fails_leaves_no_file_behind(draft, researcher, monkeypatch):
    def broken(*_given, **_named):
        raise RuntimeError("no history")

    monkeypatch.setattr(attachments, "record", broken)
    with pytest.raises(RuntimeError):
        attachments.attach(draft, checked(), by=researcher)
    assert (kept_files(), Attachment.objects.count()) == ([], 0)


def test_readers_strangers_and_latecomers_change_nothing(draft, researcher, donor, staff, stranger_researcher):
    TeamMemberFactory(application=draft, user=donor, accepted_at=timezone.now())
    sample = SampleFactory(application=draft)
    attachment = attachments.attach(draft, checked(), by=researcher)
    deeds = [
        lambda person: samples.add_sample(draft, FIELDS, by=person),
        lambda person: samples.change_sample(sample, {"label": "x"}, by=person),
        lambda person: samples.remove_sample(sample, by=person),
        lambda person: attachments.attach(draft, checked("other"), by=person),
        lambda person: attachments.detach(attachment, by=person),
    ]
    for deed in deeds:
        for person in (donor, staff, stranger_researcher):
            with pytest.raises(Forbidden):
                deed(person)
    Application.objects.update(state=ApplicationState.SCREENING, submitted_at=timezone.now(), receipt="R")
    for deed in deeds:
        with pytest.raises(Forbidden):
            deed(researcher)
    assert (draft.samples.count(), draft.attachments.count()) == (1, 1)
