"""Small line icons, 24 by 24, drawn for this portal: name -> inner SVG by attributes alone."""

ICONS = {
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "search": '<circle cx="11" cy="11" r="6"/><path d="m16 16 4 4"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10h16M8 3v5M16 3v5"/>',
    "clock": '<circle cx="12" cy="12" r="8"/><path d="M12 7v5l3 2"/>',
    "globe": '<circle cx="12" cy="12" r="8"/><path d="M4 12h16M12 4c-5 5-5 11 0 16M12 4c5 5 5 11 0 16"/>',
    "place": '<path d="M12 21c-5-6-6-8-6-11a6 6 0 0 1 12 0c0 3-1 5-6 11z"/><circle cx="12" cy="10" r="2"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 4-7 8-7s7 2 8 7"/>',
    "mail": '<path d="M3 6h18v12H3zM3 7l9 7 9-7"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M4 20h16"/>',
    "external": '<path d="M14 4h6v6M20 4l-9 9M17 14v6H4V7h6"/>',
    "arrow": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "check": '<path d="m5 13 5 5L20 6"/>',
    "cross": '<path d="M6 6l12 12M18 6 6 18"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "alert": '<path d="M12 3 2 20h20zM12 10v4M12 17v.1"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7v.1"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8M16 7l3 3"/>',
    "live": '<circle cx="12" cy="12" r="3"/><path d="M6 6a8 8 0 0 0 0 12M18 6a8 8 0 0 1 0 12"/>',
}

# A shape for each kind of status, 12 by 12, so that colour is never the only sign.
STATUS_SHAPES = {
    "ok": '<circle cx="6" cy="6" r="4"/>',
    "wait": '<path d="M6 2a4 4 0 0 1 0 8z"/><circle cx="6" cy="6" r="4" fill="none"/>',
    "live": '<circle cx="6" cy="6" r="1.5"/><circle cx="6" cy="6" r="5" fill="none"/>',
    "info": '<path d="M6 1.5 10.5 6 6 10.5 1.5 6z"/>',
    "err": '<path d="m2.5 2.5 7 7M9.5 2.5l-7 7"/>',
    "off": '<path d="M2 6h8"/>',
}
