"""URLs to bytes: one HTTP module and a client per service.

``http`` sends requests and follows redirects with secrets bound to their origin. It stands on ``urls`` (which addresses
are acceptable), ``exchange`` (what is asked and what an answer leads to), ``network`` (sockets that end on cancel and
refuse private targets), ``transport`` (httpx over those sockets), ``wire`` (what goes wrong in between), ``bodies``
(capped decoding), ``pace`` (too slow), ``transfer`` (a file over several tries), ``retries`` (again, how often, how
fast) and ``answers`` (what came back, and failures in words). ``telus``, with ``telus_errors`` and ``pages``, and
``edge_impulse`` know their service.
"""
