"""Tagged PDF pages: the fonts, the canvas that tags while drawing, the blocks, the pages."""
