"""The WSGI application that the server runs: Django, and the page cache before it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

django = get_wsgi_application()

from articles.readership.writer import Writer  # noqa: E402  needs the applications
from newsroom.checks import refuse_if_broken  # noqa: E402
from newsroom.edge.application import before  # noqa: E402

refuse_if_broken()
application = before(django)
Writer().start()
