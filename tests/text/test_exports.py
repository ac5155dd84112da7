"""What `companion.text` exports is there, and says what it is."""

import companion.text


def test_everything_exported_exists_and_is_documented() -> None:
    for name in companion.text.__all__:
        thing = getattr(companion.text, name)
        assert isinstance(thing, str) or thing.__doc__
