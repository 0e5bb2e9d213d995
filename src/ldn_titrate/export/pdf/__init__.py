"""
The printed page: documents drawn as a tagged PDF file, with embedded fonts, in black and white.

From the bottom up: `fonts` and `bidi` know characters, `lines` breaks text, `looks` has the
styles; `objects`, `outline`, `structure`, `embedding`, `metadata` and `canvas` write PDF; `strips`
are the parts of a page, `tables`, `calendars`, `fields`, `cards`, `days`, `charts` and `blocks` set
each part of a document as strips; `flow` fills pages with them, `drawing` draws them, and `render`
makes files.
"""
