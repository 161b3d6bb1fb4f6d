"""The server's side of the remote framebuffer protocol (RFC 6143, with the extensions of the community's rfbproto)."""
