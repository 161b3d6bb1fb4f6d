"""What a browser measured of its line."""

from django import forms

MOST = 10_000_000


class CheckForm(forms.Form):
    """Milliseconds and kbit/s; what is missing got no result."""

    latency = forms.IntegerField(min_value=0, max_value=MOST, required=False)
    jitter = forms.IntegerField(min_value=0, max_value=MOST, required=False)
    down = forms.IntegerField(min_value=0, max_value=MOST, required=False)
    up = forms.IntegerField(min_value=0, max_value=MOST, required=False)
    picture = forms.IntegerField(min_value=0, max_value=MOST, required=False)
