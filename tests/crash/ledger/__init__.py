"""A small app inside the real town hall, made to be killed while it writes.

One request makes two rows that belong together, one audit event and one job; the job makes one effect. Whatever is
killed in between, an acknowledged request must have all of them, and no row may stand alone.
"""
