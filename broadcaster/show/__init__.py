"""The pure core: what a show is and what happens next.

Nothing in here does I/O, reads a clock, or imports a third-party package. Time comes in with events;
wishes go out as commands. Counterpart: `broadcaster.conductor`, which feeds and obeys it.
"""
