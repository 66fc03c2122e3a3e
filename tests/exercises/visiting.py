"""Opening the library's pages and reading what they list."""

import re

LIBRARY = "/exercises/"


def page(client, address, **data):
    response = client.get(address, data)
    return response, response.content.decode()


def found(client, **data):
    """The exercises listed, in order."""
    return re.findall(r'<h3><a href="/exercises/([^/"]+)/', page(client, LIBRARY, **data)[1])


def queries(client, django_assert_max_num_queries, address, most=20):
    """How often the page asks the database."""
    with django_assert_max_num_queries(most) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
