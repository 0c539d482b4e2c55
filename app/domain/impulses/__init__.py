"""Impulses with everything that the service tells about them, one file for each sort of thing.

::

    record        what all of them have in common        blocks        input, processing, learn, post-processing
    parameters    settings and which of them to show     processing    configs of processing and post-processing blocks
    learning      configs of learn blocks                training      what training made of them
    performance   figures of a variant                   metrics       figures of an impulse, columns of the table
    origin        who made it, from which data           impulse       one impulse, all impulses
"""
