"""URLs to bytes: one HTTP module and a client per service.

``http`` sends requests and follows redirects with secrets bound to their origin; it stands on ``urls`` (which
addresses are acceptable), ``network`` (sockets that end on cancel and refuse private targets), ``transport`` (httpx
over those sockets), ``bodies`` (capped decoding), ``retries`` (again, how often, how fast) and ``answers`` (what came
back, and failures in words). ``telus`` and ``edge_impulse`` know their service.
"""
