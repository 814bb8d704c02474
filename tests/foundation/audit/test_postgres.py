"""The seal and its triggers once more, on PostgreSQL: other JSON, another dialect of triggers."""

import pytest

from tests.foundation.audit.test_seal import (  # noqa: F401  (collected here again)
    chain,
    test_a_removed_record_is_found,
    test_an_untouched_chain_is_intact,
    test_any_changed_column_is_found_and_named,
    test_missing_triggers_are_reported,
    test_one_byte_of_the_changes_is_found,
    test_the_database_itself_refuses_changes,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
