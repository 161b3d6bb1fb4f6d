"""HTTP in, a queryset or one action, HTML out."""
