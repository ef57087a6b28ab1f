"""What the desk shows outside of ``/admin/``: previews for those who were given a link."""

from django.urls import path

from articles.desk import preview_links

app_name = "desk"
urlpatterns = [
    path("preview/<str:key>/", preview_links.shared_preview, name="shared-preview"),
]
