"""The tests. Importing the package sets Django up on engines of its own, before anything reads a setting."""

from tests.support.environment import set_up

set_up()
