"""The practice instrument: a virtual single-crystal diffractometer, served over RFB as a real one would be.

`crystals` knows the structures, `beam` what the rotating crystal does in the X-rays, `instrument` what a person does
with both, `screen` draws it, `rfb` speaks to the viewers, `rooms` and `server` bring the lines to their instrument.
"""
