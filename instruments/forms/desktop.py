"""How the screen of a unit is reached. What was typed as a password goes in and is never shown again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from instruments.actions.desktop import LONGEST_PASSWORD
from instruments.enums import Clipboard, DesktopRoute
from instruments.models import Desktop

KEEP, CHANGE, FORGET = "keep", "change", "forget"
NO_DESKTOP = "none"


class DesktopForm(forms.Form):
    """The desktop of one unit; `cleaned_data` are the arguments of `set_desktop`, or `route` is `none`."""

    route = forms.ChoiceField(label=_("How sessions reach it"), widget=forms.RadioSelect)
    host = forms.CharField(
        label=_("Name or address of the PC"),
        max_length=253,
        required=False,
        help_text=_("Only when it is reached directly. It must lie in a network that the portal may reach."),
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=5900)
    has_password = forms.ChoiceField(label=_("Password of the VNC server"), widget=forms.RadioSelect)
    password = forms.CharField(
        label=_("New password"),
        required=False,
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("Kept sealed and never shown again, neither to you nor to those who take part."),
    )
    clipboard = forms.ChoiceField(
        label=_("Clipboard"), choices=Clipboard.choices, widget=forms.RadioSelect, initial=Clipboard.NONE
    )

    def __init__(self, desktop: Desktop | None, data: Any = None) -> None:
        kept = bool(desktop and desktop.sealed_password)
        first: dict[str, Any] = {"route": NO_DESKTOP, "has_password": KEEP if kept else FORGET}
        if desktop:
            first |= {"route": desktop.route, "host": desktop.host, "port": desktop.port}
            first |= {"clipboard": desktop.clipboard}
        super().__init__(data, initial=first)
        routes = [(NO_DESKTOP, _("not at all: sessions use the laboratory's link")), *DesktopRoute.choices]
        self.fields["route"].choices = routes  # type: ignore[attr-defined]
        words = [(KEEP, _("leave it as it is"))] if kept else []
        words += [(CHANGE, _("set the one below")), (FORGET, _("it asks for none"))]
        self.fields["has_password"].choices = words  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("route") == DesktopRoute.DIRECT and not typed.get("host") and "host" not in self.errors:
            self.add_error("host", _("Write the name or the address of the PC."))
        choice, password = typed.pop("has_password", KEEP), typed.get("password", "")
        if choice == CHANGE and not password and "password" not in self.errors:
            self.add_error("password", _("Write the password, or choose that it asks for none."))
        typed["password"] = {KEEP: None, FORGET: ""}.get(choice, password)
        return typed
