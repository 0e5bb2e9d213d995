"""
The printed page: a document drawn as a tagged PDF file, with embedded fonts, in black and white.

From the bottom up: `fonts` and `bidi` know characters, `lines` breaks text, `embedding` and
`canvas` write PDF, `strips`, `grids` and `blocks` set each part of a document, and `render` fills
the pages.
"""
