"""
One module for each version of the schema.

What was released is never edited: it says what the databases out there are like. It therefore
repeats the tables as they were and imports none of today's.
"""
