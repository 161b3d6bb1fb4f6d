"""The portal as people meet it: real pages from a server of their own, in a real browser."""
