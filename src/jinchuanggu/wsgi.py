"""The WSGI door: `jinchuanggu.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchuanggu.settings.base")
application = get_wsgi_application()
