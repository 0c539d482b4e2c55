"""Pointproof: accept or reject LiDAR annotation.

The map, each line may import only from lines below it::

    __main__                            composition root
    gui | cli                           Qt desktop program | headless commands (no Qt)
    bench | doctor                      speed against peers and physical limits | what this machine offers
    scene | sync | jobs | sandbox       actors | downloads | a job decoded from disk | local services
    workspace | api | checks            offline folder | URLs to bytes | integrity rules
    formats                             bytes to domain, pure
    domain                              nouns: point cloud, mask, legend, sequence, ...
    display | logs | memory | resource_files   private screen | cleaned logs | bytes left | icons
    progress | errors | settings

Data flows one way: ``api`` fetches bytes, ``sync`` files them into the ``workspace`` as received, ``jobs`` decodes
them with ``formats`` when they are looked at, ``checks`` judges what was decoded, ``gui`` and ``cli`` show it.
"""

__version__ = "0.1.0"
